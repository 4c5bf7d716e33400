//# cpus: 1 2
//# cflags: -pthread
/* Threads are joined one by one while others go on, whose locks hold as before; a join that is tried, or waited for until a time, gives up. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

enum { ROUNDS = 2000000 };

static atomic_int may_end;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *wait_for_end(void *argument)
{
	while (!atomic_load(&may_end))
		usleep(1000);
	return argument;
}

static void *count(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}

static void *nothing(void *argument) { return argument; }

int main(void)
{
	pthread_t thread, one, two;
	void *result = NULL;
	struct timespec deadline;
	pthread_create(&thread, NULL, wait_for_end, &counter);
	SHOW(pthread_tryjoin_np(thread, &result));
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_nsec += 50000000;
	deadline.tv_sec += deadline.tv_nsec / 1000000000;
	deadline.tv_nsec %= 1000000000;
	SHOW(pthread_timedjoin_np(thread, &result, &deadline));
	atomic_store(&may_end, 1);
	deadline.tv_sec += 100;
	SHOW(pthread_timedjoin_np(thread, &result, &deadline));
	SHOW(result == &counter);

	pthread_create(&one, NULL, count, NULL);
	pthread_create(&two, NULL, count, NULL);
	for (int i = 0; i < 100; i++) {
		pthread_create(&thread, NULL, nothing, NULL);
		pthread_join(thread, NULL);
	}
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	SHOW(counter);
	return 0;
}
