//# cpus: 1 2 4
//# cflags: -pthread
//# status: 9
/* The end of the program waits for nobody: not for a thread that holds a stream's lock and reads a pipe that stays
 * empty, not for one that sleeps, computes, or waits for a mutex. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static atomic_int up;

static void *reads(void *argument)
{
	FILE *stream = argument;
	flockfile(stream);
	atomic_fetch_add(&up, 1);
	return (void *)(long)getc_unlocked(stream);
}

static void *holds_output(void *argument)
{
	flockfile(argument);
	atomic_fetch_add(&up, 1);
	sleep(1000);
	return NULL;
}

static void *waits(void *argument)
{
	atomic_fetch_add(&up, 1);
	pthread_mutex_lock(argument);
	return NULL;
}

static void *computes(void *argument)
{
	atomic_fetch_add(&up, 1);
	for (volatile unsigned long i = 0; i < ~0ul; i++)
		;
	return argument;
}

int main(void)
{
	int fds[2];
	pthread_t thread;
	pthread_mutex_lock(&held);
	if (pipe(fds) != 0)
		return 1;
	printf("without a newline");
	pthread_create(&thread, NULL, reads, fdopen(fds[0], "r"));
	pthread_create(&thread, NULL, waits, &held);
	pthread_create(&thread, NULL, computes, NULL);
	while (atomic_load(&up) < 3)
		usleep(100);
	pthread_create(&thread, NULL, holds_output, stdout);
	while (atomic_load(&up) < 4)
		usleep(100);
	return 9;
}
