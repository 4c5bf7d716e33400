//# cpus: 1 2
//# cflags: -pthread
/* Sleeps so short that they end while the core is on its way to sleep: it does not sleep then, though nothing else would wake it. */
#include <pthread.h>
#include <unistd.h>

#include "bounds.h"

enum { ROUNDS = 5, LONGEST_NS = 20000, STEP_NS = 50 };

/* How many sleeps, of every length, end. */
static long sleep_of_all_lengths(void)
{
	long ended = 0;
	for (int i = 0; i < ROUNDS; i++)
		for (long long ns = 1; ns < LONGEST_NS; ns += STEP_NS) {
			struct timespec until = timespec_of(now_ns(CLOCK_MONOTONIC) + ns);
			ended += clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == 0;
		}
	return ended;
}

/* The same where the main thread waits, on its core or another. */
static void *sleep_elsewhere(void *ended)
{
	*(long *)ended = sleep_of_all_lengths();
	return NULL;
}

int main(void)
{
	pthread_t thread;
	long ended;
	alarm(50); /* ends the program if a sleep does not end */
	printf("main thread: %ld\n", sleep_of_all_lengths());
	pthread_create(&thread, NULL, sleep_elsewhere, &ended);
	pthread_join(thread, NULL);
	printf("another thread: %ld\n", ended);
	return 0;
}
