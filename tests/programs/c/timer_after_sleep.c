//# cpus: 2 4
//# cflags: -pthread
/* A timer that was set for somebody who no longer waits, and a core that has slept since until another core woke it: the next sleeper of
 * the core interrupts who computes there all the same. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

#include "bounds.h"

static sem_t gate, start, far_gate;
static atomic_int is_there;

static struct timespec in(long long ns)
{
	return timespec_of(now_ns(CLOCK_REALTIME) + ns);
}

/* The moment to which the sleeping core sets its timer. */
static void *wait_long(void *argument)
{
	struct timespec late = in(600 * MS);
	sem_timedwait(&far_gate, &late);
	return argument;
}

/* Is called before its time. */
static void *wait_short(void *argument)
{
	struct timespec soon = in(30 * MS);
	sem_timedwait(&gate, &soon);
	return argument;
}

/* Wakes the other core when the short wait would have been over. */
static void *post_from_elsewhere(void *argument)
{
	for (long long begin = now_ns(CLOCK_MONOTONIC); now_ns(CLOCK_MONOTONIC) - begin < 60 * MS;)
		;
	sem_post(&start);
	return argument;
}

static void *sleep_and_come(void *argument)
{
	usleep(10000);
	atomic_store(&is_there, 1);
	return argument;
}

static pthread_t start_on(int core, void *(*function)(void *))
{
	pthread_t thread;
	pthread_attr_t attributes;
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(core, &set);
	pthread_attr_init(&attributes);
	pthread_attr_setaffinity_np(&attributes, sizeof set, &set);
	if (pthread_create(&thread, &attributes, function, NULL) != 0)
		puts("cannot create a thread");
	pthread_attr_destroy(&attributes);
	return thread;
}

static long long until_the_sleeper_comes(void)
{
	atomic_store(&is_there, 0);
	pthread_t late = start_on(0, wait_long), soon = start_on(0, wait_short);
	sched_yield(); /* both wait now; the timer is set for the short wait */
	sem_post(&gate);
	pthread_join(soon, NULL);
	pthread_t elsewhere = start_on(1, post_from_elsewhere);
	sem_wait(&start); /* core 0 sleeps: until the long wait is over, for all it knows */
	long long begin = now_ns(CLOCK_MONOTONIC);
	pthread_t sleeper = start_on(0, sleep_and_come);
	sched_yield();
	while (!atomic_load(&is_there) && now_ns(CLOCK_MONOTONIC) - begin < 1000 * MS)
		;
	long long took = now_ns(CLOCK_MONOTONIC) - begin;
	sem_post(&far_gate);
	pthread_join(late, NULL);
	pthread_join(sleeper, NULL);
	pthread_join(elsewhere, NULL);
	while (sem_trywait(&far_gate) == 0)
		;
	return took;
}

/* A timer that is set by chance once in a while does not help. */
static long long slowest_of_three(void)
{
	long long slowest = 0;
	for (int i = 0; i < 3; i++) {
		long long took = until_the_sleeper_comes();
		if (took < 10 * MS)
			return took;
		slowest = took > slowest ? took : slowest;
	}
	return slowest;
}

int main(void)
{
	sem_init(&gate, 0, 0);
	sem_init(&start, 0, 0);
	sem_init(&far_gate, 0, 0);
	cpu_set_t first;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	pthread_setaffinity_np(pthread_self(), sizeof first, &first);
	show_within("who sleeps 10 ms is there", slowest_of_three, 10 * MS, 150 * MS);
	return 0;
}
