//# cpus: 2
//# cflags: -pthread
//# compare: none
//# stdout: before: 0\nraised: 1\nlowered: 1\n
/* A thread that waits for another core is raised above what runs there, and runs at once; what runs there is lowered below what waits, likewise. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { LOW = 5, MIDDLE = 10, HIGH = 15 };

static atomic_int computing, stop, ran;

static void *compute(void *argument)
{
	atomic_store(&computing, 1);
	while (!atomic_load(&stop))
		;
	return argument;
}

static void *run(void *argument)
{
	atomic_fetch_add(&ran, 1);
	return argument;
}

static pthread_t start(void *(*function)(void *), int priority)
{
	pthread_t thread;
	pthread_attr_t attributes;
	cpu_set_t second;
	CPU_ZERO(&second);
	CPU_SET(1, &second);
	pthread_attr_init(&attributes);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
	pthread_attr_setschedparam(&attributes, &(struct sched_param) { priority });
	pthread_attr_setaffinity_np(&attributes, sizeof second, &second);
	if (pthread_create(&thread, &attributes, function, NULL) != 0)
		puts("cannot create");
	pthread_attr_destroy(&attributes);
	return thread;
}

/* Whether a thread runs within ten seconds. */
static int runs(void)
{
	for (int i = 0; i < 10000 && !atomic_load(&ran); i++)
		usleep(1000);
	return atomic_exchange(&ran, 0);
}

int main(void)
{
	cpu_set_t first;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	pthread_setaffinity_np(pthread_self(), sizeof first, &first);
	pthread_t middle = start(compute, MIDDLE);
	while (!atomic_load(&computing))
		usleep(1000);
	pthread_t raised = start(run, LOW);
	usleep(50000);
	printf("before: %d\n", atomic_load(&ran));
	pthread_setschedprio(raised, HIGH);
	printf("raised: %d\n", runs());
	pthread_join(raised, NULL);
	pthread_t waiting = start(run, LOW);
	usleep(50000);
	pthread_setschedprio(middle, LOW - 1);
	printf("lowered: %d\n", runs());
	atomic_store(&stop, 1);
	pthread_join(middle, NULL);
	pthread_join(waiting, NULL);
	return 0;
}
