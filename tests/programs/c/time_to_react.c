//# cpus: 1 2 4
//# cflags: -pthread
/* What one thread does reaches another one in less than 200 ms, wherever it runs, and in less than a second beside others that compute;
 * threads that compute on one core take turns of less than 200 ms. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "bounds.h"

static sem_t call, answer;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int calls, ends[2];
static atomic_llong handled, turns, turns_here;
static atomic_int stop;

static void handle(int signal)
{
	(void)signal;
	atomic_store(&handled, now_ns(CLOCK_MONOTONIC));
}

static void *answer_semaphore(void *argument)
{
	for (;;) {
		while (sem_wait(&call) != 0)
			;
		sem_post(&answer);
	}
	return argument;
}

static void *answer_condition(void *argument)
{
	pthread_mutex_lock(&mutex);
	for (;;) {
		while (calls == 0)
			pthread_cond_wait(&changed, &mutex);
		calls = 0;
		sem_post(&answer);
	}
	return argument;
}

static void *answer_pipe(void *argument)
{
	char byte;
	while (read(ends[0], &byte, 1) == 1)
		sem_post(&answer);
	return argument;
}

static void *rest(void *argument)
{
	for (;;)
		pause();
	return argument;
}

static void *compute(void *counter)
{
	while (!atomic_load(&stop))
		atomic_fetch_add((atomic_llong *)counter, 1);
	return NULL;
}

static void *nothing(void *argument)
{
	return argument;
}

/* Most likely the other thread sleeps when this returns. */
static long long begin(void)
{
	usleep(2000);
	return now_ns(CLOCK_MONOTONIC);
}

static long long answered(long long start)
{
	sem_wait(&answer);
	return now_ns(CLOCK_MONOTONIC) - start;
}

static long long by_semaphore(void)
{
	long long start = begin();
	sem_post(&call);
	return answered(start);
}

static long long by_condition(void)
{
	long long start = begin();
	pthread_mutex_lock(&mutex);
	calls = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	return answered(start);
}

static long long by_pipe(void)
{
	long long start = begin();
	write(ends[1], "x", 1);
	return answered(start);
}

static long long by_new_thread(void)
{
	pthread_t thread;
	long long start = begin();
	pthread_create(&thread, NULL, nothing, NULL);
	pthread_join(thread, NULL);
	return now_ns(CLOCK_MONOTONIC) - start;
}

static pthread_t target;

static long long by_signal(void)
{
	atomic_store(&handled, 0);
	long long start = begin();
	pthread_kill(target, SIGUSR1);
	while (atomic_load(&handled) == 0)
		usleep(500);
	return atomic_load(&handled) - start;
}

/* How long the other thread has the core: its counter has moved between two looks, which lie between three times. */
static long long turn_of_the_other(void)
{
	long long before = now_ns(CLOCK_MONOTONIC), seen = atomic_load(&turns_here), last = now_ns(CLOCK_MONOTONIC);
	for (;;) {
		long long count = atomic_load(&turns_here), now = now_ns(CLOCK_MONOTONIC);
		if (count != seen)
			return now - before;
		before = last;
		last = now;
	}
}

static pthread_t start_on_this_core(void *(*function)(void *), void *argument)
{
	pthread_t thread;
	pthread_attr_t attributes;
	cpu_set_t here;
	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	sched_setaffinity(0, sizeof here, &here);
	pthread_attr_init(&attributes);
	pthread_attr_setaffinity_np(&attributes, sizeof here, &here);
	pthread_create(&thread, &attributes, function, argument);
	return thread;
}

static void all(long long most)
{
	show_within("semaphore", by_semaphore, 0, most);
	show_within("condition", by_condition, 0, most);
	show_within("pipe", by_pipe, 0, most);
	show_within("new thread", by_new_thread, 0, most);
	show_within("signal", by_signal, 0, most);
}

int main(void)
{
	pthread_t threads[3], other;
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	signal(SIGUSR1, handle);
	sem_init(&call, 0, 0);
	sem_init(&answer, 0, 0);
	pipe(ends);
	/* One after the other they are placed on all cores. */
	pthread_create(&threads[0], NULL, answer_semaphore, NULL);
	pthread_create(&threads[1], NULL, answer_condition, NULL);
	pthread_create(&threads[2], NULL, answer_pipe, NULL);
	pthread_create(&target, NULL, rest, NULL);
	all(200 * MS);
	puts("while others compute:"); /* some turns, in each of which a busy host may take the core away */
	pthread_create(&target, NULL, compute, &turns);
	other = start_on_this_core(compute, &turns_here);
	all(1000 * MS);
	show_within("turn of the other", turn_of_the_other, 0, 200 * MS);
	atomic_store(&stop, 1);
	pthread_join(target, NULL);
	pthread_join(other, NULL);
	return 0;
}
