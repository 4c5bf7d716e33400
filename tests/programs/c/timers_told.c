//# cpus: 1 2
/* Absolute timers and sleeps on both clocks, in the past too; what is told of time that is left: by timers, intervals, alarms and sleeps that a
 * signal ends. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

static volatile int handled;
static const struct timespec none, long_enough = { 10, 0 };

static void handle(int signal)
{
	(void)signal;
	handled++;
}

static struct timespec from_now(clockid_t clock, long ms)
{
	struct timespec time;
	clock_gettime(clock, &time);
	long long ns = time.tv_sec * 1000000000ll + time.tv_nsec + ms * 1000000ll;
	return (struct timespec) { ns / 1000000000, ns % 1000000000 };
}

static long ms_of(struct timespec time)
{
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void absolute_timer(const char *name, clockid_t clock)
{
	timer_t timer;
	sigset_t set;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec value = { .it_value = from_now(clock, 30) }, left, old;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	printf("%s:\n", name);
	SHOW(timer_create(clock, &event, &timer));
	SHOW(timer_settime(timer, TIMER_ABSTIME, &value, NULL));
	SHOW(timer_gettime(timer, &left));
	SHOW(ms_of(left.it_value) <= 30); /* relative */
	SHOW(left.it_interval.tv_nsec);
	SHOW(sigtimedwait(&set, NULL, &long_enough) == SIGUSR1);
	SHOW(ms_of(from_now(clock, 0)) >= ms_of(value.it_value));
	SHOW(timer_gettime(timer, &left));
	SHOW(left.it_value.tv_sec + left.it_value.tv_nsec); /* disarmed */
	/* In the past: at once. */
	value.it_value = from_now(clock, -5000);
	SHOW(timer_settime(timer, TIMER_ABSTIME, &value, NULL));
	SHOW(sigtimedwait(&set, NULL, &long_enough) == SIGUSR1);
	SHOW(timer_getoverrun(timer));
	/* In the past and periodic: what should have expired until now counts. */
	value.it_interval = (struct timespec) { 1, 0 };
	value.it_value = from_now(clock, -5500);
	SHOW(timer_settime(timer, TIMER_ABSTIME, &value, NULL));
	SHOW(sigtimedwait(&set, NULL, &long_enough) == SIGUSR1);
	SHOW(timer_getoverrun(timer));
	SHOW(timer_gettime(timer, &left));
	SHOW(left.it_interval.tv_sec);
	SHOW(ms_of(left.it_value) <= 500 && ms_of(left.it_value) > 0); /* the grid is kept */
	/* Armed anew: what was before is told, and forgotten. */
	value = (struct itimerspec) { .it_value = { 100, 0 }, .it_interval = { 7, 8 } };
	SHOW(timer_settime(timer, 0, &value, NULL));
	SHOW(timer_settime(timer, 0, &(struct itimerspec) { .it_value = none }, &old));
	SHOW(old.it_value.tv_sec >= 99 && old.it_value.tv_sec <= 100);
	SHOW(old.it_interval.tv_sec * 10 + old.it_interval.tv_nsec);
	SHOW(timer_gettime(timer, &left));
	SHOW(ms_of(left.it_value) + ms_of(left.it_interval));
	SHOW(sigtimedwait(&set, NULL, &none));
	value.it_value = (struct timespec) { -1, 0 };
	SHOW(timer_settime(timer, 0, &value, NULL));
	value.it_value = (struct timespec) { 0, -1 };
	SHOW(timer_settime(timer, TIMER_ABSTIME, &value, NULL));
	SHOW(timer_settime(timer, 0, NULL, NULL));
	SHOW(timer_delete(timer));
	SHOW(timer_gettime(timer, &left));
	SHOW(timer_getoverrun(timer));
	SHOW(timer_delete(timer));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* One that is deleted while its signal is pending, and one that nobody takes. */
static void deleted(void)
{
	timer_t timer;
	sigset_t set, pending;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec soon = { .it_value = { 0, 1000000 } };
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	SHOW(timer_settime(timer, 0, &soon, NULL));
	do
		sigpending(&pending);
	while (!sigismember(&pending, SIGUSR1));
	SHOW(timer_settime(timer, 0, &(struct itimerspec) { .it_value = none }, NULL));
	sigtimedwait(&set, NULL, &none); /* disarming may take it back or not */
	SHOW(timer_settime(timer, 0, &(struct itimerspec) { .it_value = { 50, 0 } }, NULL));
	SHOW(timer_delete(timer));
	SHOW(sigtimedwait(&set, NULL, &(struct timespec) { 0, 5000000 }));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void sleep_past(clockid_t clock)
{
	struct timespec past = from_now(clock, -1000), zero = { 0, 0 }, remaining = { 77, 77 };
	SHOW(clock_nanosleep(clock, TIMER_ABSTIME, &past, &remaining));
	SHOW(clock_nanosleep(clock, TIMER_ABSTIME, &zero, &remaining));
	SHOW(clock_nanosleep(clock, 0, &zero, &remaining));
	SHOW(remaining.tv_sec + remaining.tv_nsec); /* untouched */
	SHOW(clock_nanosleep(clock, 0, &(struct timespec) { -1, 0 }, NULL));
	SHOW(clock_nanosleep(clock, 0, &(struct timespec) { 0, 1000000000 }, NULL));
}

/* The alarm comes while it sleeps; should it have come before, it comes again. */
static void alarm_soon(int on)
{
	struct itimerval often = { { 0, 20000 * on }, { 0, 20000 * on } };
	handled = 0;
	setitimer(ITIMER_REAL, &often, NULL);
}

static void interrupted(clockid_t clock)
{
	struct timespec remaining = { 77, 77 }, until = from_now(clock, 20000), time = { 20, 0 };
	alarm_soon(1);
	SHOW(clock_nanosleep(clock, TIMER_ABSTIME, &until, &remaining) == EINTR);
	SHOW(remaining.tv_sec + remaining.tv_nsec); /* untouched */
	SHOW(clock_nanosleep(clock, 0, &time, &remaining) == EINTR);
	SHOW(remaining.tv_sec == 19 && remaining.tv_nsec > 0);
	time = (struct timespec) { 30, 0 };
	SHOW(clock_nanosleep(clock, 0, &time, &time) == EINTR); /* the same structure */
	SHOW(time.tv_sec);
	SHOW(clock_nanosleep(clock, 0, &time, NULL) == EINTR);
	time = (struct timespec) { 40, 0 };
	SHOW(nanosleep(&time, &remaining) < 0 && errno == EINTR);
	SHOW(remaining.tv_sec);
	SHOW(handled >= 4);
	alarm_soon(0);
}

static void alarms(void)
{
	struct itimerval value, old;
	SHOW(alarm(0));
	SHOW(alarm(100));
	SHOW(alarm(50));
	SHOW(getitimer(ITIMER_REAL, &value)); /* they are one */
	SHOW(value.it_value.tv_sec >= 48 && value.it_value.tv_sec <= 50);
	SHOW(value.it_interval.tv_sec + value.it_interval.tv_usec);
	value = (struct itimerval) { { 3, 4 }, { 30, 600000 } };
	SHOW(setitimer(ITIMER_REAL, &value, &old));
	SHOW(old.it_value.tv_sec >= 48 && old.it_value.tv_sec <= 50);
	SHOW(alarm(0) >= 30); /* rounded, never to 0 */
	SHOW(getitimer(ITIMER_REAL, &value));
	SHOW(value.it_value.tv_sec + value.it_value.tv_usec + value.it_interval.tv_sec + value.it_interval.tv_usec);
	value = (struct itimerval) { { 0, 0 }, { 0, 300000 } };
	SHOW(setitimer(ITIMER_REAL, &value, NULL));
	SHOW(alarm(0)); /* a part of a second */
	value.it_value.tv_usec = 1000000;
	SHOW(setitimer(ITIMER_REAL, &value, NULL));
	value.it_value.tv_usec = -1;
	SHOW(setitimer(ITIMER_REAL, &value, NULL));
	SHOW(getitimer(77, &value));
	/* sleep tells whole seconds that are left. */
	alarm_soon(1);
	SHOW(sleep(20) >= 19);
	SHOW(usleep(999999));
	alarm_soon(0);
}

int main(void)
{
	struct sigaction action = { .sa_handler = handle };
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	sigaction(SIGALRM, &action, NULL);
	absolute_timer("wall clock", CLOCK_REALTIME);
	absolute_timer("monotonic", CLOCK_MONOTONIC);
	deleted();
	sleep_past(CLOCK_REALTIME);
	sleep_past(CLOCK_MONOTONIC);
	interrupted(CLOCK_REALTIME);
	interrupted(CLOCK_MONOTONIC);
	alarms();
	return 0;
}
