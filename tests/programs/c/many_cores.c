//# cpus: 66 130
//# cflags: -pthread
//# compare: none
//# timeout-s: 240
//# stdout: sets\nevery thread on its core\nwritten by all\nforgotten by all\nforgotten, one by one\n
/* More cores than a word has bits: sets of them, a thread on each, a barrier over all, and pages that one core takes from all others. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST = 1024, PAGE = 4096, STACK = 64 * 1024 };

static int cores;
static pthread_barrier_t all;
static char *volatile shared, *own;
static atomic_int misplaced, written, forgotten, kept;
static _Thread_local sigjmp_buf out;

static void check(int holds, const char *what)
{
	if (!holds)
		printf("not so: %s\n", what);
}

#define CHECK(holds) check(holds, #holds)

/* Sizes below and above that of the isle's cores, as on Linux. */
static void sets(void)
{
	size_t needed = CPU_ALLOC_SIZE(cores), larger = CPU_ALLOC_SIZE(8192);
	cpu_set_t set, *large = CPU_ALLOC(8192);
	CHECK(sysconf(_SC_NPROCESSORS_CONF) == cores && cores > 64);
	CHECK(sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) == cores);
	CHECK(CPU_ISSET(cores - 1, &set) && !CPU_ISSET(cores, &set));
	CHECK(sched_getaffinity(0, needed, &set) == 0 && CPU_COUNT_S(needed, &set) == cores);
	CHECK(sched_getaffinity(0, needed - 8, &set) == -1 && errno == EINVAL);
	CHECK(sched_getaffinity(0, needed + 4, &set) == -1 && errno == EINVAL);
	CHECK(pthread_getaffinity_np(pthread_self(), needed - 8, &set) == EINVAL);
	CPU_ZERO_S(larger, large);
	CPU_SET_S(8000, larger, large);
	CHECK(sched_getaffinity(0, larger, large) == 0 && CPU_COUNT_S(larger, large) == cores);
	CHECK(sched_setaffinity(0, larger, large) == 0);
	CPU_ZERO_S(larger, large);
	CPU_SET_S(8000, larger, large);
	CHECK(sched_setaffinity(0, larger, large) == -1 && errno == EINVAL);
	CHECK(sched_setaffinity(0, 8, &set) == 0 && pthread_getaffinity_np(pthread_self(), sizeof set, &set) == 0);
	CHECK(CPU_COUNT(&set) == 64);
	CPU_FREE(large);
	puts("sets");
}

static void on_fault(int signal)
{
	(void)signal;
	siglongjmp(out, 1);
}

static int can_write(volatile char *address)
{
	if (sigsetjmp(out, 1) != 0)
		return 0;
	*address = 1;
	return 1;
}

static void *work(void *argument)
{
	int core = (int)(long)argument;
	cpu_set_t set;
	char *page = own + core * PAGE;
	pthread_getaffinity_np(pthread_self(), sizeof set, &set);
	misplaced += sched_getcpu() != core || CPU_COUNT(&set) != 1 || !CPU_ISSET(core, &set);
	pthread_barrier_wait(&all);
	written += can_write(shared);
	pthread_barrier_wait(&all);
	/* The main thread takes it. */
	pthread_barrier_wait(&all);
	forgotten += !can_write(shared);
	*page = 1;
	pthread_barrier_wait(&all);
	/* Every eighth takes its page from all at the same time. */
	if (core % 8 == 0)
		mprotect(page, PAGE, PROT_READ);
	pthread_barrier_wait(&all);
	kept += can_write(own + (core + 3) % cores * PAGE);
	return NULL;
}

static int start(int core, pthread_t *thread)
{
	pthread_attr_t attributes;
	size_t size = CPU_ALLOC_SIZE(cores);
	cpu_set_t *set = CPU_ALLOC(cores);
	CPU_ZERO_S(size, set);
	CPU_SET_S(core, size, set);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	pthread_attr_setaffinity_np(&attributes, size, set);
	int error = pthread_create(thread, &attributes, work, (void *)(long)core);
	pthread_attr_destroy(&attributes);
	CPU_FREE(set);
	return error;
}

static char *pages(int count)
{
	return mmap(NULL, (size_t)count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
	static pthread_t threads[MOST];
	cores = sysconf(_SC_NPROCESSORS_ONLN);
	sets();
	signal(SIGSEGV, on_fault);
	shared = pages(1);
	own = pages(cores);
	pthread_barrier_init(&all, NULL, cores + 1);
	for (int core = 0; core < cores; ++core) {
		int error = start(core, &threads[core]);
		if (error != 0) {
			printf("core %d: error %d\n", core, error);
			return 1;
		}
	}
	pthread_barrier_wait(&all);
	puts(misplaced == 0 ? "every thread on its core" : "misplaced");
	pthread_barrier_wait(&all);
	puts(written == cores ? "written by all" : "not written");
	mprotect(shared, PAGE, PROT_READ);
	pthread_barrier_wait(&all);
	pthread_barrier_wait(&all);
	puts(forgotten == cores ? "forgotten by all" : "kept by some");
	pthread_barrier_wait(&all);
	for (int core = 0; core < cores; ++core)
		pthread_join(threads[core], NULL);
	puts(kept == cores - (cores + 7) / 8 ? "forgotten, one by one" : "kept by some");
	return 0;
}
