/* What a debugger is shown: three threads, of which one waits on the core that another computes on. Status 7. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

static sem_t go;
static atomic_int waiting;
static int sum;

static int work(int n)
{
	int result = 0;
	for (int i = 1; i <= n; i++)
		result += i;
	sum = result;
	return result;
}

static void *waiter(void *argument)
{
	pthread_setname_np(pthread_self(), "waiter");
	waiting = 1;
	sem_wait(&go);
	return argument;
}

static void *worker(void *argument)
{
	pthread_setname_np(pthread_self(), "worker");
	/* After another turn of its the waiter waits. */
	while (!waiting)
		sched_yield();
	sched_yield();
	sched_yield();
	work(5);
	sem_post(&go);
	return argument;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	pthread_attr_t attributes;
	cpu_set_t last;
	printf("%d arguments, the last is %s\n", argc, argv[argc - 1]);
	sem_init(&go, 0, 0);
	pthread_attr_init(&attributes);
	CPU_ZERO(&last);
	CPU_SET(1, &last);
	pthread_attr_setaffinity_np(&attributes, sizeof(last), &last);
	pthread_create(&threads[0], &attributes, waiter, NULL);
	pthread_create(&threads[1], &attributes, worker, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("sum %d\n", sum);
	return 7;
}
