//# cpus: 1 2
//# cflags: -pthread
/* Timed waits on both clocks: not before their time, with the mutex held again, and not at all when signalled first. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static int ready;

static long long now(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static struct timespec after(clockid_t clock, long long ns)
{
	long long end = now(clock) + ns;
	return (struct timespec) { end / 1000000000, end % 1000000000 };
}

static void *wake(void *argument)
{
	usleep(10000);
	pthread_mutex_lock(&mutex);
	ready = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	return argument;
}

static void show(const char *what, clockid_t clock)
{
	pthread_condattr_t attributes;
	pthread_t thread;
	clockid_t got = -1;
	pthread_condattr_init(&attributes);
	printf("%s: setclock %d", what, pthread_condattr_setclock(&attributes, clock));
	pthread_condattr_getclock(&attributes, &got);
	printf(" getclock %d\n", got == clock);
	pthread_cond_init(&changed, &attributes);
	pthread_mutex_lock(&mutex);
	struct timespec deadline = after(clock, -1000000000);
	printf(" past %d\n", pthread_cond_timedwait(&changed, &mutex, &deadline) == ETIMEDOUT);
	long long start = now(CLOCK_MONOTONIC);
	deadline = after(clock, 30000000);
	int result;
	do
		result = pthread_cond_timedwait(&changed, &mutex, &deadline);
	while (result == 0);
	long long elapsed = now(CLOCK_MONOTONIC) - start;
	printf(" timed out %d, not early %d\n", result == ETIMEDOUT, elapsed >= 29000000);
	printf(" mutex held again %d\n", pthread_mutex_trylock(&mutex) == EBUSY);
	deadline = after(clock, 30000000000);
	ready = 0;
	pthread_create(&thread, NULL, wake, NULL);
	while (!ready)
		result = pthread_cond_timedwait(&changed, &mutex, &deadline);
	printf(" woken %d\n", result);
	deadline.tv_nsec = 1000000000;
	printf(" bad time %d\n", pthread_cond_timedwait(&changed, &mutex, &deadline) == EINVAL);
	pthread_mutex_unlock(&mutex);
	pthread_join(thread, NULL);
	printf(" destroy %d\n", pthread_cond_destroy(&changed));
}

int main(void)
{
	show("realtime", CLOCK_REALTIME);
	show("monotonic", CLOCK_MONOTONIC);
	return 0;
}
