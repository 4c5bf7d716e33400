//# cpus: 2 4
//# cflags: -pthread
//# compare: none
//# stdout: all cores, by default\nall cores, as they may\nnothing but the second core\nall but the first core\n
/* Threads that all compute spread over the cores: those of which nothing was said, and those that may run on several. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { MOST = 64, ATTEMPTS = 20 };

static atomic_int begun;
static int cores;

/* Where it is when all have begun. */
static void *run(void *argument)
{
	atomic_fetch_add(&begun, 1);
	while (atomic_load(&begun) < cores)
		sched_yield();
	*(int *)argument = sched_getcpu();
	return NULL;
}

/* How many cores so many threads take. */
static int used(const pthread_attr_t *attributes)
{
	pthread_t threads[MOST];
	int where[MOST], is_used[MOST] = { 0 }, count = 0;
	atomic_store(&begun, 0);
	for (int i = 0; i < cores; i++)
		if (pthread_create(&threads[i], attributes, run, &where[i]))
			return -1;
	for (int i = 0; i < cores; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < cores; i++)
		count += !is_used[where[i]]++;
	return count;
}

static void show(const char *what, const pthread_attr_t *attributes, int wanted)
{
	int most = 0;
	for (int i = 0; i < ATTEMPTS && most < wanted; i++) {
		int count = used(attributes);
		most = count > most ? count : most;
	}
	if (most == wanted)
		puts(what);
	else
		printf("%d cores of %d: not %s\n", most, wanted, what);
}

int main(void)
{
	cpu_set_t all, second, not_first;
	pthread_attr_t attributes;
	cores = sysconf(_SC_NPROCESSORS_ONLN);
	CPU_ZERO(&all);
	CPU_ZERO(&second);
	CPU_SET(1, &second);
	for (int core = 0; core < cores; core++)
		CPU_SET(core, &all);
	show("all cores, by default", NULL, cores);
	pthread_attr_init(&attributes);
	pthread_attr_setaffinity_np(&attributes, sizeof all, &all);
	show("all cores, as they may", &attributes, cores);
	pthread_attr_setaffinity_np(&attributes, sizeof second, &second);
	show("nothing but the second core", &attributes, 1);
	not_first = all;
	CPU_CLR(0, &not_first);
	pthread_attr_setaffinity_np(&attributes, sizeof not_first, &not_first);
	show("all but the first core", &attributes, cores - 1);
	return 0;
}
