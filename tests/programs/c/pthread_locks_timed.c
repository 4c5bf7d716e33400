//# cpus: 1 2
//# cflags: -pthread
/* Locks that are tried, or waited for until a time on either clock: a deadline of the monotonic clock is none of the wall clock's. */
#include <pthread.h>
#include <time.h>

#include "show.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;

static struct timespec in_ms(clockid_t clock, long ms)
{
	struct timespec time;
	clock_gettime(clock, &time);
	time.tv_nsec += ms * 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

/* Whether a lock that somebody has is waited for as long as it should be. */
static int waits(int (*lock)(clockid_t, const struct timespec *), clockid_t clock)
{
	struct timespec before, after, deadline = in_ms(clock, 50);
	clock_gettime(CLOCK_MONOTONIC, &before);
	int error = lock(clock, &deadline);
	clock_gettime(CLOCK_MONOTONIC, &after);
	long us = (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
	return error == ETIMEDOUT && us >= 49000;
}

static int lock_mutex(clockid_t clock, const struct timespec *deadline) { return pthread_mutex_clocklock(&mutex, clock, deadline); }
static int lock_to_read(clockid_t clock, const struct timespec *deadline) { return pthread_rwlock_clockrdlock(&rwlock, clock, deadline); }
static int lock_to_write(clockid_t clock, const struct timespec *deadline) { return pthread_rwlock_clockwrlock(&rwlock, clock, deadline); }

static void *other(void *argument)
{
	struct timespec past = { 1, 0 }, none = { 0, 2000000000 };
	(void)argument;
	SHOW(pthread_mutex_trylock(&mutex));
	SHOW(waits(lock_mutex, CLOCK_REALTIME));
	SHOW(waits(lock_mutex, CLOCK_MONOTONIC));
	SHOW(pthread_mutex_timedlock(&mutex, &past));
	SHOW(pthread_mutex_timedlock(&mutex, &none));
	SHOW(pthread_mutex_clocklock(&mutex, CLOCK_PROCESS_CPUTIME_ID, &past));
	SHOW(pthread_rwlock_tryrdlock(&rwlock));
	SHOW(pthread_rwlock_trywrlock(&rwlock));
	SHOW(waits(lock_to_read, CLOCK_REALTIME));
	SHOW(waits(lock_to_read, CLOCK_MONOTONIC));
	SHOW(waits(lock_to_write, CLOCK_REALTIME));
	SHOW(waits(lock_to_write, CLOCK_MONOTONIC));
	SHOW(pthread_spin_trylock(&spin));
	return NULL;
}

static void run_other(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, other, NULL);
	pthread_join(thread, NULL);
}

int main(void)
{
	struct timespec soon = in_ms(CLOCK_MONOTONIC, 1000);
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	SHOW(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &soon)); /* free: nobody waits */
	SHOW(pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &soon));
	SHOW(pthread_spin_trylock(&spin));
	run_other();
	SHOW(pthread_spin_trylock(&spin));
	SHOW(pthread_spin_unlock(&spin));
	SHOW(pthread_spin_trylock(&spin));
	SHOW(pthread_spin_unlock(&spin));
	SHOW(pthread_rwlock_unlock(&rwlock));
	SHOW(pthread_mutex_unlock(&mutex));
	SHOW(pthread_mutex_trylock(&mutex));
	SHOW(pthread_mutex_unlock(&mutex));
	return 0;
}
