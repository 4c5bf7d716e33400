//# cflags: -pthread
//# cpus: 1 2 4
//# stdin: @silence
//# timeout-s: 240
/* A hundred polls of a silent pipe of the host, each with another timeout, begun in no particular order: none ends too early, and they end in
 * the order of their timeouts. A busy machine mixes neighbours up: those count that are more than 300 ms apart, in the best of twenty attempts. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "bounds.h"

enum { TRIES = 20, NEIGHBOURS = 20, POLLS = 100, STEP_MS = 15, FIRST_MS = 500 };

static atomic_int ended, early;
static int order[POLLS];
static long long begin_ns;

static void *wait_for(void *argument)
{
	long number = (long)argument;
	struct pollfd silence = { .fd = 0, .events = POLLIN };
	/* Starting a hundred threads takes its time: the moment counts, not the length. */
	long long before_ns = now_ns(CLOCK_MONOTONIC);
	int timeout_ms = FIRST_MS + STEP_MS * number - (before_ns - begin_ns) / MS;
	int answer = poll(&silence, 1, timeout_ms < 0 ? 0 : timeout_ms);
	long long took_ns = now_ns(CLOCK_MONOTONIC) - before_ns;
	order[atomic_fetch_add(&ended, 1)] = number;
	if (answer != 0 || took_ns < timeout_ms * MS)
		atomic_fetch_add(&early, 1);
	return argument;
}

static int is_in_order(void)
{
	pthread_attr_t small;
	pthread_t threads[POLLS];
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 * 1024);
	atomic_store(&ended, 0);
	begin_ns = now_ns(CLOCK_MONOTONIC);
	for (long i = 0; i < POLLS; i++)
		pthread_create(&threads[i], &small, wait_for, (void *)(i * 37 % POLLS));
	for (int i = 0; i < POLLS; i++)
		pthread_join(threads[i], NULL);
	int latest = 0;
	for (int i = 0; i < POLLS; i++) {
		if (order[i] + NEIGHBOURS < latest)
			return 0;
		if (order[i] > latest)
			latest = order[i];
	}
	return 1;
}

int main(void)
{
	int attempts = 1;
	while (!is_in_order() && attempts <= TRIES)
		attempts++;
	printf("%s, %d too early\n", attempts <= TRIES ? "in order" : "out of order", (int)early);
	fprintf(stderr, "%d attempts\n", attempts);
	return 0;
}
