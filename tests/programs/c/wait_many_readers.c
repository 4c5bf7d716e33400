//# cflags: -pthread
//# cpus: 1 2 4
//# stdin: @silence
//# timeout-s: 240
/* A thousand threads read one byte each of an empty pipe of the host; a thousand bytes come one after the other, and none is lost or read
 * twice. The same through a descriptor that was opened by name, by readv, and for writers of a full pipe. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { READERS = 1000, NAMED = 100, WRITERS = 20, BLOCK = 100000 };

static atomic_int ready, ends;
static atomic_long sum;
static int descriptor;

static void *read_one(void *argument)
{
	unsigned char byte = 0;
	atomic_fetch_add(&ready, 1);
	if (read(descriptor, &byte, 1) != 1)
		atomic_fetch_add(&ends, 1);
	atomic_fetch_add(&sum, byte);
	return argument;
}

static void *read_parts(void *argument)
{
	unsigned char bytes[2] = { 0, 0 };
	struct iovec parts[] = { { &bytes[0], 1 }, { &bytes[1], 1 } };
	atomic_fetch_add(&ready, 1);
	if (readv(descriptor, parts, 2) <= 0)
		atomic_fetch_add(&ends, 1);
	atomic_fetch_add(&sum, bytes[0] + bytes[1]);
	return argument;
}

static void *write_block(void *argument)
{
	char block[BLOCK];
	memset(block, (int)(long)argument, sizeof block);
	if (write(descriptor, block, sizeof block) != sizeof block)
		atomic_fetch_add(&ends, 1);
	return argument;
}

static void start(pthread_t threads[], int count, void *(*work)(void *))
{
	pthread_attr_t small;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 192 * 1024);
	atomic_store(&ready, 0);
	atomic_store(&sum, 0);
	for (long i = 0; i < count; i++)
		if (pthread_create(&threads[i], &small, work, (void *)i) != 0)
			printf("no thread %ld\n", i);
}

static void feed(const char *what, int count, int writer, void *(*work)(void *))
{
	static pthread_t threads[READERS];
	start(threads, count, work);
	while (atomic_load(&ready) < count)
		usleep(1000);
	usleep(50000);
	long fed = 0;
	for (int i = 0; i < count; i++) {
		unsigned char byte = i * 7 % 251 + 1;
		fed += byte;
		if (write(writer, &byte, 1) != 1)
			perror("write");
	}
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("%s: %d readers, %ld fed, %ld read\n", what, count, fed, (long)sum);
}

int main(void)
{
	int writer = open("/dev/stdin", O_WRONLY), named = open("/dev/stdin", O_RDONLY);
	printf("writer %d, named %d\n", writer >= 0, named >= 0);
	feed("one pipe", READERS, writer, read_one);
	/* Two bytes in the time of one reader may go to it together. */
	descriptor = named;
	feed("by name", NAMED, writer, read_one);
	descriptor = 0;
	feed("one after the other", 1, writer, read_parts);

	static pthread_t threads[WRITERS];
	descriptor = writer;
	start(threads, WRITERS, write_block);
	static unsigned char bytes[4096];
	long counts[WRITERS] = { 0 }, total = 0;
	while (total < (long)WRITERS * BLOCK) {
		ssize_t len = read(0, bytes, sizeof bytes);
		for (ssize_t i = 0; i < len; i++)
			counts[bytes[i] % WRITERS]++;
		total += len;
	}
	int whole = 0;
	for (int i = 0; i < WRITERS; i++) {
		pthread_join(threads[i], NULL);
		whole += counts[i] == BLOCK;
	}
	printf("%d of %d blocks are whole, %d ends\n", whole, WRITERS, (int)ends);
	return 0;
}
