//# cpus: 2
//# cflags: -pthread
//# compare: none
//# stdout: used while it was there\ngone on the other core: 20 of 20\n
/* What one core unmaps is gone on another one, which has just used it: a core keeps translations of addresses until it is told to forget them. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

enum { TIMES = 20, PAGE = 4096 };

static char *volatile place;
static atomic_int turn; /* even: the main thread's */
static sigjmp_buf out;

static void on_fault(int signal)
{
	(void)signal;
	siglongjmp(out, 1);
}

static void wait_for(int wanted)
{
	while (atomic_load(&turn) != wanted)
		;
}

static int is_gone(const volatile char *address)
{
	if (sigsetjmp(out, 1) != 0)
		return 1;
	(void)*address;
	return 0;
}

/* Reads without a system call in between: the translation stays where it is. */
static void *use(void *argument)
{
	static int faults;
	if (sched_getcpu() != 1)
		puts("on the wrong core");
	for (int i = 0; i < TIMES; i++) {
		wait_for(4 * i + 1);
		char *mine = place;
		long sum = 0;
		for (int page = 0; page < (i % 2 ? 1 : 100); page++)
			sum += *(volatile char *)(mine + page * PAGE);
		if (sum != (i % 2 ? 1 : 100))
			puts("other contents");
		atomic_fetch_add(&turn, 1);
		wait_for(4 * i + 3);
		faults += is_gone(mine);
		atomic_fetch_add(&turn, 1);
	}
	(void)argument;
	return &faults;
}

int main(void)
{
	pthread_t other;
	void *faults;
	/* Threads stay where they start. */
	pthread_attr_t on_second;
	cpu_set_t second;
	CPU_ZERO(&second);
	CPU_SET(1, &second);
	pthread_attr_init(&on_second);
	pthread_attr_setaffinity_np(&on_second, sizeof second, &second);
	if (sched_getcpu() != 0)
		puts("on the wrong core");
	signal(SIGSEGV, on_fault);
	pthread_create(&other, &on_second, use, NULL);
	for (int i = 0; i < TIMES; i++) {
		int pages = i % 2 ? 1 : 100; /* few are forgotten one by one, many all at once */
		place = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (int page = 0; page < pages; page++)
			place[page * PAGE] = 1;
		atomic_fetch_add(&turn, 1);
		wait_for(4 * i + 2);
		if (i == 0)
			puts("used while it was there");
		munmap(place, pages * PAGE);
		atomic_fetch_add(&turn, 1);
		wait_for(4 * i + 4);
	}
	pthread_join(other, &faults);
	printf("gone on the other core: %d of %d\n", *(int *)faults, TIMES);
	return 0;
}
