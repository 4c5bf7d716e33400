//# cpus: 1 2 4
//# cflags: -pthread
/* Everything that waits for a time ends neither before it nor much later, though nobody comes and while another thread computes:
 * sleeps on both clocks, timed waits, poll, timers, alarms. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>

#include "bounds.h"

#define WAIT (10 * MS)
#define LATE (200 * MS)

static const struct timespec wait = { 0, WAIT };
static sem_t semaphore;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, held = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t on_wall_clock = PTHREAD_COND_INITIALIZER, on_monotonic_clock;
static pthread_t sleeper;
static int ends[2];
static long long start;
static clockid_t measured_on; /* the clock of the deadline: hosts set their wall clock */

/* Whatever ends otherwise than by its time has taken no time. */
static long long since(int ended_by_time)
{
	return ended_by_time ? now_ns(measured_on) - start : -1;
}

/* The moment until which to wait, and the beginning of the measurement. */
static struct timespec until(clockid_t clock)
{
	measured_on = clock;
	start = now_ns(clock);
	return timespec_of(start + WAIT);
}

static long long sleep_relative(clockid_t clock)
{
	until(CLOCK_MONOTONIC);
	return since(clock_nanosleep(clock, 0, &wait, NULL) == 0);
}

static long long sleep_absolute(clockid_t clock)
{
	struct timespec deadline = until(clock);
	return since(clock_nanosleep(clock, TIMER_ABSTIME, &deadline, NULL) == 0);
}

static long long monotonic_relative(void) { return sleep_relative(CLOCK_MONOTONIC); }
static long long monotonic_absolute(void) { return sleep_absolute(CLOCK_MONOTONIC); }
static long long wall_relative(void) { return sleep_relative(CLOCK_REALTIME); }
static long long wall_absolute(void) { return sleep_absolute(CLOCK_REALTIME); }

static long long by_usleep(void)
{
	until(CLOCK_MONOTONIC);
	return since(usleep(WAIT / 1000) == 0);
}

static long long by_semaphore(void)
{
	struct timespec deadline = until(CLOCK_REALTIME);
	return since(sem_timedwait(&semaphore, &deadline) < 0 && errno == ETIMEDOUT);
}

static long long by_semaphore_monotonic(void)
{
	struct timespec deadline = until(CLOCK_MONOTONIC);
	return since(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &deadline) < 0 && errno == ETIMEDOUT);
}

static long long by_condition(pthread_cond_t *condition, clockid_t clock)
{
	struct timespec deadline = until(clock);
	int result;
	pthread_mutex_lock(&mutex);
	do
		result = pthread_cond_timedwait(condition, &mutex, &deadline);
	while (result == 0);
	pthread_mutex_unlock(&mutex);
	return since(result == ETIMEDOUT);
}

static long long by_condition_wall(void) { return by_condition(&on_wall_clock, CLOCK_REALTIME); }
static long long by_condition_monotonic(void) { return by_condition(&on_monotonic_clock, CLOCK_MONOTONIC); }

/* How often the wait ends though nobody has called. */
static long long for_no_reason(void)
{
	struct timespec deadline = until(CLOCK_MONOTONIC);
	long long woken = 0;
	pthread_mutex_lock(&mutex);
	while (pthread_cond_timedwait(&on_monotonic_clock, &mutex, &deadline) == 0)
		woken++;
	pthread_mutex_unlock(&mutex);
	return woken;
}

static long long by_mutex(void)
{
	struct timespec deadline = until(CLOCK_REALTIME);
	return since(pthread_mutex_timedlock(&held, &deadline) == ETIMEDOUT);
}

static long long by_writer(void)
{
	struct timespec deadline = until(CLOCK_REALTIME);
	return since(pthread_rwlock_timedwrlock(&lock, &deadline) == ETIMEDOUT);
}

static long long by_join(void)
{
	struct timespec deadline = until(CLOCK_REALTIME);
	return since(pthread_timedjoin_np(sleeper, NULL, &deadline) == ETIMEDOUT);
}

static long long by_poll(void)
{
	until(CLOCK_MONOTONIC);
	return since(poll(NULL, 0, WAIT / MS) == 0);
}

static long long by_poll_of_pipe(void)
{
	struct pollfd entry = { .fd = ends[0], .events = POLLIN };
	until(CLOCK_MONOTONIC);
	return since(poll(&entry, 1, WAIT / MS) == 0);
}

static long long by_select(void)
{
	struct timeval time = { 0, WAIT / 1000 };
	until(CLOCK_MONOTONIC);
	return since(select(0, NULL, NULL, NULL, &time) == 0);
}

static sigset_t signals;

/* The signal that comes, for so long that a lost one is no hang. */
static int await(siginfo_t *info)
{
	return sigtimedwait(&signals, info, &(struct timespec) { 5, 0 });
}

static long long by_no_signal(void)
{
	until(CLOCK_MONOTONIC);
	return since(sigtimedwait(&signals, NULL, &wait) < 0 && errno == EAGAIN);
}

static long long by_timer(clockid_t clock, int flags)
{
	timer_t timer;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec value = { .it_value = wait };
	int signal = 0;
	timer_create(clock, &event, &timer);
	struct timespec deadline = until(clock);
	if (flags & TIMER_ABSTIME)
		value.it_value = deadline;
	if (timer_settime(timer, flags, &value, NULL) == 0)
		signal = await(NULL);
	long long took = since(signal == SIGUSR1);
	timer_delete(timer);
	return took;
}

static long long timer_monotonic(void) { return by_timer(CLOCK_MONOTONIC, 0); }
static long long timer_monotonic_absolute(void) { return by_timer(CLOCK_MONOTONIC, TIMER_ABSTIME); }
static long long timer_wall(void) { return by_timer(CLOCK_REALTIME, 0); }
static long long timer_wall_absolute(void) { return by_timer(CLOCK_REALTIME, TIMER_ABSTIME); }

/* How many times a timer of 10 ms expires in 200 ms: the signals and what they tell of besides. */
static long long expiries(void)
{
	timer_t timer;
	siginfo_t info;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec often = { { 0, 10 * MS }, { 0, 10 * MS } };
	long long count = 0;
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	start = now_ns(CLOCK_MONOTONIC);
	timer_settime(timer, 0, &often, NULL);
	while (now_ns(CLOCK_MONOTONIC) - start < 195 * MS)
		if (await(&info) == SIGUSR1)
			count += 1 + info.si_overrun;
	long long most = (now_ns(CLOCK_MONOTONIC) - start) / (10 * MS);
	timer_delete(timer);
	sigtimedwait(&signals, NULL, &(struct timespec) { 0, 0 });
	return most - count; /* those that are missing */
}

static long long by_interval_timer(void)
{
	struct itimerval value = { .it_value = { 0, WAIT / 1000 } };
	until(CLOCK_MONOTONIC);
	setitimer(ITIMER_REAL, &value, NULL);
	return since(await(NULL) == SIGALRM);
}

static long long by_alarm(void)
{
	until(CLOCK_MONOTONIC);
	alarm(1);
	return since(await(NULL) == SIGALRM);
}

static void all(void)
{
	static const struct {
		const char *name;
		long long (*measure)(void);
	} waits[] = {
		{ "monotonic, relative", monotonic_relative }, { "monotonic, absolute", monotonic_absolute },
		{ "wall clock, relative", wall_relative }, { "wall clock, absolute", wall_absolute }, { "usleep", by_usleep },
		{ "semaphore", by_semaphore }, { "semaphore, monotonic", by_semaphore_monotonic },
		{ "condition", by_condition_wall }, { "condition, monotonic", by_condition_monotonic }, { "mutex", by_mutex },
		{ "writer", by_writer }, { "join", by_join }, { "poll", by_poll }, { "poll of a pipe", by_poll_of_pipe },
		{ "select", by_select }, { "no signal", by_no_signal }, { "timer", timer_monotonic },
		{ "timer, absolute", timer_monotonic_absolute }, { "timer on the wall clock", timer_wall },
		{ "timer on the wall clock, absolute", timer_wall_absolute }, { "interval timer", by_interval_timer },
	};
	for (unsigned i = 0; i < sizeof waits / sizeof *waits; i++)
		show_within(waits[i].name, waits[i].measure, WAIT, LATE);
	show_within("expiries that are missing", expiries, 0, 2);
	show_within("awake for no reason", for_no_reason, 0, 0);
}

static volatile int done;

static void *compute(void *argument)
{
	while (!done)
		;
	return argument;
}

static void *sleep_long(void *argument)
{
	while (!done)
		usleep(10000);
	return argument;
}

int main(void)
{
	pthread_t other;
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&on_monotonic_clock, &attributes);
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	sem_init(&semaphore, 0, 0);
	pipe(ends);
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	pthread_mutex_lock(&held);
	pthread_rwlock_rdlock(&lock);
	pthread_create(&sleeper, NULL, sleep_long, NULL);
	all();
	show_within("alarm", by_alarm, 1000 * MS, 10000 * MS);
	puts("while another thread computes:");
	pthread_create(&other, NULL, compute, NULL);
	all();
	done = 1;
	pthread_join(other, NULL);
	pthread_join(sleeper, NULL);
	return 0;
}
