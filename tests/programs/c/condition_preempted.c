//# cpus: 1 2
//# cflags: -pthread
/* A condition is signalled after its waiter has unlocked the mutex and before it sleeps: the waiter does not sleep. Unlocking lets a
 * thread run that has waited for the mutex with a higher priority, on the same core. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

enum { ROUNDS = 10 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void *change(void *wake)
{
	/* Natively it may be forbidden, and any order will do. */
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param) { 12 });
	pthread_mutex_lock(&mutex);
	((int (*)(pthread_cond_t *))wake)(&changed);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

/* How many of the signals have ended a wait. */
static int woken_by(int (*wake)(pthread_cond_t *))
{
	int woken = 0;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_t thread;
		struct timespec end;
		pthread_mutex_lock(&mutex);
		pthread_create(&thread, NULL, change, (void *)wake);
		sched_yield(); /* the other one raises itself and waits */
		clock_gettime(CLOCK_REALTIME, &end);
		end.tv_sec += 10;
		int error = pthread_cond_timedwait(&changed, &mutex, &end);
		pthread_mutex_unlock(&mutex);
		pthread_join(thread, NULL);
		if (error != 0)
			break;
		woken++;
	}
	return woken;
}

int main(void)
{
	cpu_set_t core_0;
	CPU_ZERO(&core_0);
	CPU_SET(0, &core_0);
	pthread_setaffinity_np(pthread_self(), sizeof core_0, &core_0);
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param) { 10 });
	printf("signals: %d of %d\n", woken_by(pthread_cond_signal), ROUNDS);
	printf("broadcasts: %d of %d\n", woken_by(pthread_cond_broadcast), ROUNDS);
	return 0;
}
