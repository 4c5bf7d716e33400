//# cflags: -pthread
//# cpus: 1 2 4
//# stdin: @silence
//# timeout-s: 240
/* Hundreds of readers of one pipe of the host are cancelled, or ended by signals; others of the same line go on waiting and get what
 * comes. A descriptor that is closed, and whose number another file takes, still ends those who read it before. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { READERS = 300 };

static atomic_int ready, interrupted;
static atomic_long sum;
static int descriptor;
static pthread_t threads[READERS];

static void nothing(int sig)
{
	(void)sig;
}

static void *read_one(void *argument)
{
	unsigned char byte = 0;
	atomic_fetch_add(&ready, 1);
	ssize_t got = read(descriptor, &byte, 1);
	if (got < 0 && errno == EINTR)
		atomic_fetch_add(&interrupted, 1);
	if (got == 1)
		atomic_fetch_add(&sum, byte);
	return argument;
}

static void start(void)
{
	pthread_attr_t small;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 * 1024);
	atomic_store(&ready, 0);
	atomic_store(&sum, 0);
	for (int i = 0; i < READERS; i++)
		if (pthread_create(&threads[i], &small, read_one, NULL) != 0)
			printf("no thread %d\n", i);
	while (atomic_load(&ready) < READERS)
		usleep(1000);
	usleep(50000);
}

static void feed(int writer, int from, int step)
{
	for (int i = from; i < READERS; i += step)
		if (write(writer, "\3", 1) != 1)
			perror("write");
}

int main(void)
{
	int writer = open("/dev/stdin", O_WRONLY);
	struct sigaction action = { .sa_handler = nothing };
	sigaction(SIGUSR1, &action, NULL);

	start();
	for (int i = 0; i < READERS; i += 2)
		pthread_cancel(threads[i]);
	int cancelled = 0;
	for (int i = 0; i < READERS; i += 2) {
		void *result = NULL;
		pthread_join(threads[i], &result);
		cancelled += result == PTHREAD_CANCELED;
	}
	feed(writer, 1, 2);
	for (int i = 1; i < READERS; i += 2)
		pthread_join(threads[i], NULL);
	printf("%d cancelled, the others read %ld\n", cancelled, (long)sum);

	start();
	/* Again and again: the first one may come before the call. */
	for (int ended = 0; ended < READERS / 3; ended = atomic_load(&interrupted)) {
		for (int i = ended; i < READERS / 3; i++)
			pthread_kill(threads[i], SIGUSR1);
		usleep(20000);
		if (atomic_load(&interrupted) == ended)
			for (int i = 0; i < READERS / 3; i++)
				pthread_kill(threads[i], SIGUSR1);
	}
	feed(writer, READERS / 3, 1);
	for (int i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	printf("%d interrupted, the others read %ld\n", (int)interrupted, (long)sum);

	descriptor = dup(0);
	start();
	close(descriptor);
	int other = open("/dev/null", O_RDONLY);
	printf("the number is %s\n", other == descriptor ? "another file's" : "free");
	feed(writer, 0, 1);
	for (int i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	printf("all read %ld\n", (long)sum);
	return 0;
}
