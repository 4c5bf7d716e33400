//# cpus: 1 2
//# cflags: -pthread
//# stdin: @silence
/* While one thread waits in the host for input that never comes, the only other one of its core runs. Neither takes turns: the core is
 * free only if the wait leaves it. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *end_the_program(void *argument)
{
	puts("the other thread runs");
	exit(0);
	return argument;
}

int main(void)
{
	pthread_t thread;
	cpu_set_t core_0;
	char byte;
	CPU_ZERO(&core_0);
	CPU_SET(0, &core_0);
	pthread_setaffinity_np(pthread_self(), sizeof core_0, &core_0);
	/* Natively it may be forbidden; new threads inherit it. */
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param) { 10 });
	pthread_create(&thread, NULL, end_the_program, NULL);
	read(0, &byte, 1);
	puts("there was input");
	return 1;
}
