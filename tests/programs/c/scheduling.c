//# cpus: 1 2
//# cflags: -pthread
//# compare: none
//# stdout: @golden
/* SCHED_FIFO threads do not give way to equals, SCHED_RR threads do; a change of priority takes effect at once, for threads
 * that wait for the core, run, or are blocked. All on core 0, so that the order is told by priorities alone. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

static char order[16];
static int used;

static void note(char what)
{
	order[used++] = what;
}

static void show_order(const char *what)
{
	printf("%s: %.*s\n", what, used, order);
	used = 0;
}

static void compute_ms(long ms)
{
	struct timespec start, now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < ms);
}

static void *work(void *argument)
{
	const char *letters = argument;
	note(letters[0]);
	compute_ms(35);
	note(letters[1]);
	return NULL;
}

static atomic_int arrived;

/* Ends only if the other one gets the core, too, though this one never gives it away. */
static void *meet(void *argument)
{
	note(*(const char *)argument);
	atomic_fetch_add(&arrived, 1);
	while (atomic_load(&arrived) < 2)
		;
	return NULL;
}

static sem_t gate;

static void *pass(void *argument)
{
	sem_wait(&gate);
	note(*(const char *)argument);
	return NULL;
}

static void *say(void *argument)
{
	note(*(const char *)argument);
	return NULL;
}

static pthread_t start(void *(*function)(void *), const char *letters, int policy, int priority)
{
	pthread_t thread;
	pthread_attr_t attributes;
	cpu_set_t first;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	pthread_attr_init(&attributes);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, policy);
	pthread_attr_setschedparam(&attributes, &(struct sched_param) { priority });
	pthread_attr_setaffinity_np(&attributes, sizeof(first), &first);
	if (pthread_create(&thread, &attributes, function, (void *)letters) != 0)
		printf("cannot create\n");
	pthread_attr_destroy(&attributes);
	return thread;
}

static void two(void *(*function)(void *), int policy, const char *name)
{
	pthread_t a = start(function, "Aa", policy, 5), b = start(function, "Bb", policy, 5);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	show_order(name);
}

static int set_own(int policy, int priority)
{
	return pthread_setschedparam(pthread_self(), policy, &(struct sched_param) { priority });
}

static void changes(void)
{
	pthread_t x = start(say, "X", SCHED_FIFO, 5), y = start(say, "Y", SCHED_FIFO, 5);
	pthread_t z = start(say, "Z", SCHED_FIFO, 5);
	SHOW(pthread_setschedprio(y, 6)); /* before the others */
	SHOW(pthread_setschedprio(x, 4)); /* behind Z */
	note('m');
	SHOW(set_own(SCHED_FIFO, 1)); /* all of them run before this returns */
	note('M');
	show_order("waiting");
	pthread_join(x, NULL);
	pthread_join(y, NULL);
	pthread_join(z, NULL);
	set_own(SCHED_FIFO, 20);
	x = start(say, "X", SCHED_FIFO, 5);
	note('m');
	SHOW(pthread_setschedprio(x, 25)); /* above the running thread */
	note('M');
	show_order("raised");
	pthread_join(x, NULL);
	sem_init(&gate, 0, 0);
	x = start(pass, "X", SCHED_FIFO, 25);
	SHOW(pthread_setschedparam(x, SCHED_RR, &(struct sched_param) { 5 }));
	note('m');
	sem_post(&gate);
	note('M');
	pthread_join(x, NULL);
	show_order("blocked and lowered");
	x = start(pass, "X", SCHED_FIFO, 25);
	note('m');
	sem_post(&gate);
	note('M');
	pthread_join(x, NULL);
	show_order("woken above");
}

static void asked(void)
{
	struct sched_param parameter;
	struct timespec interval;
	int policy;
	SHOW(pthread_getschedparam(pthread_self(), &policy, &parameter));
	SHOW(policy == SCHED_FIFO);
	SHOW(parameter.sched_priority);
	SHOW(sched_rr_get_interval(0, &interval));
	SHOW(interval.tv_nsec);
	SHOW(sched_setscheduler(0, SCHED_RR, &(struct sched_param) { 7 }));
	SHOW(sched_getscheduler(getpid()) == SCHED_RR);
	SHOW(sched_getparam(0, &parameter));
	SHOW(parameter.sched_priority);
	SHOW(sched_setparam(0, &(struct sched_param) { 8 }));
	SHOW(sched_rr_get_interval(0, &interval));
	SHOW(interval.tv_nsec);
	SHOW(sched_setparam(0, &(struct sched_param) { 32 }));
	SHOW(sched_setscheduler(0, 77, &(struct sched_param) { 1 }));
	SHOW(sched_setscheduler(0, SCHED_OTHER, &(struct sched_param) { 1 }));
	SHOW(sched_setscheduler(getpid() + 100000, SCHED_OTHER, &(struct sched_param) { 0 }));
	SHOW(sched_getscheduler(-1));
	SHOW(pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param) { 0 }));
	SHOW(sched_setscheduler(0, SCHED_OTHER, &(struct sched_param) { 0 }));
	SHOW(sched_getscheduler(0));
}

int main(void)
{
	SHOW(set_own(SCHED_FIFO, 20));
	two(work, SCHED_FIFO, "fifo");
	two(meet, SCHED_RR, "round robin");
	changes();
	asked();
	return 0;
}
