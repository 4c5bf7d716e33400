/* Threads and how they take turns: threads create|yield|block|cross.
 *
 * create: starting a thread that does nothing and joining it.
 * yield: two threads of one core hand it to each other with sched_yield.
 * block: two threads of one core hand it to each other with semaphores.
 * cross: two threads on two cores wake each other with semaphores.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <string.h>

#include "figure.h"

enum { REPEATS = 5 };

static sem_t mine, yours;
static volatile int whose_turn;
static long turns;

static void *nothing(void *argument)
{
	return argument;
}

static void start_on(pthread_t *thread, int core, void *function(void *))
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(core, &set);
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	must(pthread_attr_setaffinity_np(&attributes, sizeof(set), &set) == 0, "pthread_attr_setaffinity_np");
	must(pthread_create(thread, &attributes, function, NULL) == 0, "pthread_create");
	pthread_attr_destroy(&attributes);
}

static void create_and_join(void)
{
	pthread_t thread;
	must(pthread_create(&thread, NULL, nothing, NULL) == 0, "pthread_create");
	pthread_join(thread, NULL);
}

static void take_turns(int me)
{
	for (long turn = 0; turn < turns; ++turn) {
		while (whose_turn != me)
			sched_yield();
		whose_turn = !me;
	}
}

static void *yield_back(void *argument)
{
	take_turns(1);
	return argument;
}

static void *post_back(void *argument)
{
	for (long turn = 0; turn < turns; ++turn) {
		sem_wait(&yours);
		sem_post(&mine);
	}
	return argument;
}

static void post_forth(void)
{
	for (long turn = 0; turn < turns; ++turn) {
		sem_post(&yours);
		sem_wait(&mine);
	}
}

static void yield_forth(void)
{
	take_turns(0);
}

/* Prints the time of one hand-over between this thread, on core 0, and another one on `core`. */
static void hand_over(const char *label, int core, long count, void forth(void), void *back(void *))
{
	double best = 1e300;
	turns = count;
	for (int repeat = 0; repeat < REPEATS; ++repeat) {
		pthread_t thread;
		start_on(&thread, core, back);
		double start = now_ns();
		forth();
		best = smaller(best, (now_ns() - start) / (2 * count));
		pthread_join(thread, NULL);
	}
	print_figure(label, best);
}

static void stay_on_core_0(void)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	must(pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0, "pthread_setaffinity_np");
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	sem_init(&mine, 0, 0);
	sem_init(&yours, 0, 0);
	if (strcmp(what, "create") == 0) {
		FIGURE("create", REPEATS, 500, create_and_join());
		return 0;
	}
	stay_on_core_0();
	if (strcmp(what, "yield") == 0)
		hand_over("yield", 0, 20000, yield_forth, yield_back);
	else if (strcmp(what, "block") == 0)
		hand_over("block", 0, 10000, post_forth, post_back);
	else if (strcmp(what, "cross") == 0)
		hand_over("cross", 1, 5000, post_forth, post_back);
	else
		return 2;
	return 0;
}
