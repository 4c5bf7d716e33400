//# cflags: -pthread
//# cpus: 1 2
//# stdin: @silence
//# timeout-s: 60
/* A write to a full pipe of the host writes all: sleeps of another thread, whose ends interrupt the vCPU that waits in the host, do not cut it short. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BYTES = 300000, ROUNDS = 4 };

static void *drain(void *argument)
{
	static char bytes[4096];
	long total = 0;
	while (total < (long)ROUNDS * BYTES) {
		usleep(300);
		ssize_t len = read(0, bytes, sizeof bytes);
		if (len <= 0)
			return NULL;
		total += len;
	}
	return argument;
}

int main(void)
{
	static char block[BYTES];
	int writer = open("/dev/stdin", O_WRONLY), whole = 0;
	pthread_t reader;
	void *drained = NULL;
	pthread_create(&reader, NULL, drain, block);
	for (int i = 0; i < ROUNDS; i++) {
		struct iovec parts[2] = { { block, 1000 }, { block + 1000, BYTES - 1000 } };
		whole += (i % 2 ? writev(writer, parts, 2) : write(writer, block, BYTES)) == BYTES;
	}
	close(writer);
	if (whole == ROUNDS) /* else the reader waits for what never comes */
		pthread_join(reader, &drained);
	printf("%d of %d writes are whole, drained %d\n", whole, ROUNDS, drained != NULL);
	fflush(stdout);
	_exit(0);
}
