//# cflags: -pthread
//# cpus: 1 2 4
/* POSIX timers of every kind of notification, what they say of themselves, and the waits for signals. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

static sem_t expired;
static volatile int handled, value_seen, code_seen;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	handled++;
	value_seen = info->si_value.sival_int;
	code_seen = info->si_code;
}

static void in_thread(union sigval value)
{
	value_seen = value.sival_int;
	sem_post(&expired);
}

static const struct itimerspec once = {{0, 0}, {0, 20000000}}, often = {{0, 10000000}, {0, 10000000}}, stop;

static void with_signal(void)
{
	timer_t timer;
	struct itimerspec value;
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
	struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
	event.sigev_value.sival_int = 77;
	sigaction(SIGRTMIN, &action, NULL);
	SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
	SHOW(timer_gettime(timer, &value));
	SHOW(value.it_value.tv_sec + value.it_value.tv_nsec);
	SHOW(timer_settime(timer, 0, &once, NULL));
	while (handled < 1)
		pause();
	SHOW(value_seen);
	SHOW(code_seen == SI_TIMER);
	SHOW(timer_getoverrun(timer));
	SHOW(timer_settime(timer, 0, &often, NULL));
	while (handled < 4)
		pause();
	SHOW(timer_settime(timer, 0, &stop, &value));
	SHOW(value.it_interval.tv_nsec);
	SHOW(value.it_value.tv_nsec > 0);
	SHOW(timer_delete(timer));
	SHOW(timer_settime(timer, 0, &once, NULL));
}

static void with_thread(void)
{
	timer_t timer;
	struct timespec start, end;
	struct sigevent event = {.sigev_notify = SIGEV_THREAD};
	struct itimerspec absolute = {{0, 0}, {0, 0}};
	event.sigev_notify_function = in_thread;
	event.sigev_value.sival_int = 99;
	sem_init(&expired, 0, 0);
	SHOW(timer_create(CLOCK_REALTIME, &event, &timer));
	SHOW(timer_settime(timer, 0, &once, NULL));
	SHOW(sem_wait(&expired));
	SHOW(value_seen);
	clock_gettime(CLOCK_REALTIME, &start);
	absolute.it_value = start;
	absolute.it_value.tv_sec += 1;
	SHOW(timer_settime(timer, TIMER_ABSTIME, &absolute, NULL));
	SHOW(sem_wait(&expired));
	clock_gettime(CLOCK_REALTIME, &end);
	SHOW(end.tv_sec > start.tv_sec);
	SHOW(timer_settime(timer, 0, &often, NULL));
	for (int i = 0; i < 3; i++)
		SHOW(sem_wait(&expired));
	SHOW(timer_delete(timer));
}

static void waits(void)
{
	sigset_t set;
	siginfo_t info;
	struct timespec moment = {0, 20000000};
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	union sigval value = {.sival_int = 5};
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	SHOW(pthread_sigmask(SIG_BLOCK, &set, NULL));
	SHOW(sigtimedwait(&set, &info, &moment));
	SHOW(sigqueue(getpid(), SIGUSR1, value));
	SHOW(sigwaitinfo(&set, &info) == SIGUSR1);
	SHOW(info.si_value.sival_int);
	SHOW(info.si_code == SI_QUEUE);
	SHOW(timer_create(CLOCK_REALTIME, &event, &timer));
	SHOW(timer_settime(timer, 0, &once, NULL));
	SHOW(sigwaitinfo(&set, &info) == SIGUSR1);
	SHOW(info.si_code == SI_TIMER);
	SHOW(timer_delete(timer));
	SHOW(clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, NULL));
}

/* What expires while a signal is pending is told of by that signal; then the timer goes on. */
static void overruns(void)
{
	sigset_t set;
	siginfo_t info;
	struct timespec moment = {0, 20000000};
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
	struct itimerspec microsecond = {{0, 1000}, {0, 1000}}, value;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
	SHOW(timer_settime(timer, 0, &microsecond, NULL));
	nanosleep(&moment, NULL);
	SHOW(timer_gettime(timer, &value));
	SHOW(value.it_value.tv_nsec > 0 && value.it_value.tv_nsec <= 1000);
	SHOW(sigwaitinfo(&set, &info) == SIGUSR2);
	SHOW(timer_getoverrun(timer) > 19000);
	SHOW(sigwaitinfo(&set, &info) == SIGUSR2);
	SHOW(timer_settime(timer, 0, &once, NULL));
	SHOW(sigwaitinfo(&set, &info) == SIGUSR2);
	SHOW(timer_delete(timer));
}

/* Nobody is told, and it expires all the same. */
static void with_nothing(void)
{
	timer_t timer;
	struct itimerspec value;
	struct timespec moment = {0, 40000000};
	struct sigevent event = {.sigev_notify = SIGEV_NONE};
	SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
	SHOW(timer_settime(timer, 0, &once, NULL));
	SHOW(timer_gettime(timer, &value));
	SHOW(value.it_value.tv_nsec > 0);
	nanosleep(&moment, NULL);
	SHOW(timer_gettime(timer, &value));
	SHOW(value.it_value.tv_nsec);
	SHOW(timer_delete(timer));
}

int main(void)
{
	timer_t timer;
	struct itimerspec bad = {{0, 0}, {0, 1000000000}}, value;
	struct sigevent event = {.sigev_notify = SIGEV_NONE};
	SHOW(timer_create(12345, &event, &timer));
	SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
	SHOW(timer_settime(timer, 0, &bad, NULL));
	SHOW(timer_settime(timer, 0, &often, NULL));
	SHOW(timer_gettime(timer, &value));
	SHOW(value.it_interval.tv_nsec);
	SHOW(timer_delete(timer));
	with_signal();
	with_thread();
	waits();
	overruns();
	with_nothing();
	return 0;
}
