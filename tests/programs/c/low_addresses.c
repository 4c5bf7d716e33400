//# cpus: 1 2
//# cflags: -pthread
/* Nothing can be read near address 0, also after another core has started (its first instructions lie there while it starts). */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

enum { PAGE = 4096, PAGES = 16 };

static sigjmp_buf back;

static void on_fault(int signal)
{
	siglongjmp(back, signal);
}

static int can_be_read(unsigned long address)
{
	if (sigsetjmp(back, 1) != 0)
		return 0;
	(void)*(volatile char *)address;
	return 1;
}

static void *run(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_t thread;
	pthread_attr_t attributes;
	cpu_set_t last;
	cpu_set_t all;
	sched_getaffinity(0, sizeof all, &all);
	CPU_ZERO(&last);
	CPU_SET(CPU_COUNT(&all) - 1, &last);
	pthread_attr_init(&attributes);
	pthread_attr_setaffinity_np(&attributes, sizeof last, &last);
	printf("created %d\n", pthread_create(&thread, &attributes, run, NULL));
	pthread_join(thread, NULL);

	signal(SIGSEGV, on_fault);
	for (unsigned long page = 0; page < PAGES; page++)
		if (can_be_read(page * PAGE + 8))
			printf("%#lx can be read\n", page * PAGE + 8);
	puts("done");
	return 0;
}
