/* How many interrupts a core takes while a thread computes on it: quiet SECONDS. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>

#include "figure.h"

#ifdef __hermit__
#include <hermit/syscall.h>
#else
/* Linux counts no interrupts for a program. */
static long sys_interrupts(void)
{
	return 0;
}
#endif

static double seconds;
static double interrupts;
static volatile double result;

static void *compute(void *argument)
{
	double sum = 0;
	long before = sys_interrupts();
	double end = now_ns() + seconds * 1e9;
	for (unsigned long i = 1; now_ns() < end; ++i)
		for (int j = 1; j < 1000; ++j)
			sum += 1.0 / (double) (i * j);
	interrupts = (double) (sys_interrupts() - before);
	result = sum;
	return argument;
}

int main(int argc, char **argv)
{
	if (argc != 2 || (seconds = atof(argv[1])) <= 0)
		return 2;
	pthread_t thread;
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(1, &set);
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	must(pthread_attr_setaffinity_np(&attributes, sizeof(set), &set) == 0, "pthread_attr_setaffinity_np");
	must(pthread_create(&thread, &attributes, compute, NULL) == 0, "pthread_create");
	pthread_join(thread, NULL);
	print_figure("interrupts", interrupts);
	return 0;
}
