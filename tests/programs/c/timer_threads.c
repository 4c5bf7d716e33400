//# cpus: 1 2
//# cflags: -pthread
/* Timers that start threads: a periodic one starts one a period and no more, whose value it gets; a deleted one starts none. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

static atomic_int started, wrong;

static void on_time(union sigval value)
{
	atomic_fetch_add(&started, 1);
	if (value.sival_int != 42)
		atomic_fetch_add(&wrong, 1);
}

int main(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_value.sival_int = 42 };
	event.sigev_notify_function = on_time;
	struct itimerspec every_20_ms = { { 0, 20000000 }, { 0, 20000000 } }, left;
	timer_t timer;
	struct timespec before, after;
	SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
	clock_gettime(CLOCK_MONOTONIC, &before);
	SHOW(timer_settime(timer, 0, &every_20_ms, NULL));
	while (atomic_load(&started) < 5)
		usleep(5000);
	int count = atomic_load(&started);
	clock_gettime(CLOCK_MONOTONIC, &after);
	long ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
	printf("no more than the time allows: %d\n", count <= ms / 20 + 1);
	if (count > ms / 20 + 1)
		fprintf(stderr, "%d in %ld ms\n", count, ms);
	SHOW(timer_gettime(timer, &left));
	SHOW(left.it_interval.tv_nsec);
	SHOW(timer_delete(timer));
	usleep(100000); /* one that was just starting */
	count = atomic_load(&started);
	usleep(200000);
	printf("after its end: %d\n", atomic_load(&started) - count);
	SHOW(atomic_load(&wrong));
	return 0;
}
