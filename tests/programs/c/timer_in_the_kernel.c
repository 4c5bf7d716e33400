//# cpus: 1
//# cflags: -pthread
/* A timer that expires while the kernel is busy is not forgotten until something else happens: two threads do nothing but yield to each
 * other, so that the core is in the kernel most of the time and never sleeps, and no slice ends. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

#include "bounds.h"

enum { ROUNDS = 300 };

static volatile sig_atomic_t expired;
static atomic_int enough;

static void note(int signal)
{
	(void)signal;
	expired = 1;
}

static void *yield(void *argument)
{
	while (!atomic_load(&enough))
		sched_yield();
	return argument;
}

/* Whether the timer comes within ten seconds. */
static int comes(long after_us)
{
	struct itimerval once = { { 0, 0 }, { 0, after_us } };
	long long end = now_ns(CLOCK_MONOTONIC) + 10000 * MS;
	expired = 0;
	setitimer(ITIMER_REAL, &once, NULL);
	while (!expired && now_ns(CLOCK_MONOTONIC) < end)
		for (int i = 0; i < 1000 && !expired; i++)
			sched_yield();
	return expired;
}

int main(void)
{
	pthread_t thread;
	int came = 0;
	signal(SIGALRM, note);
	/* Natively it may be forbidden; new threads inherit it. */
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param) { 10 });
	pthread_create(&thread, NULL, yield, NULL);
	while (came < ROUNDS && comes(50 + came % 100))
		came++;
	atomic_store(&enough, 1);
	pthread_join(thread, NULL);
	printf("timers that came: %d of %d\n", came, ROUNDS);
	return 0;
}
