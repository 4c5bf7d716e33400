//# cpus: 1 2 4
//# cflags: -pthread
/* Real-time signals stand in line, lowest first, each with its value; the line has an end; what is ignored leaves it; a timer
 * has one place in it and counts what it missed; two threads that wait get one signal each. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/resource.h>
#endif

static sigset_t set;

static void queue(int offset, int value)
{
	if (sigqueue(getpid(), SIGRTMIN + offset, (union sigval) { .sival_int = value }) != 0)
		printf("sigqueue failed: %d\n", errno);
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)context;
	printf("handler: +%d value %d, queued %d, from us %d\n", sig - SIGRTMIN, info->si_value.sival_int,
	       info->si_code == SI_QUEUE, info->si_pid == getpid() && info->si_uid == getuid());
}

static void in_order(void)
{
	siginfo_t info;
	queue(2, 1);
	queue(0, 2);
	queue(2, 3);
	queue(1, 4);
	queue(0, 5);
	for (int i = 0; i < 5; i++) {
		int sig = sigwaitinfo(&set, &info);
		printf("waited: +%d value %d, queued %d\n", sig - SIGRTMIN, info.si_value.sival_int, info.si_code == SI_QUEUE);
	}
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO, .sa_mask = set };
	for (int i = 0; i < 3; i++)
		sigaction(SIGRTMIN + i, &action, NULL);
	queue(1, 6);
	queue(0, 7);
	queue(1, 8);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static const struct timespec now, soon = { 0, 20000000 };

static void full(void)
{
	siginfo_t info;
	int sent = 0, taken = 0, in_line = 1;
#ifdef __linux__
	struct rlimit limit = { 1000, 1000 };
	setrlimit(RLIMIT_SIGPENDING, &limit);
#endif
	while (sigqueue(getpid(), SIGRTMIN, (union sigval) { .sival_int = sent }) == 0)
		sent++;
	printf("the line is full %d: EAGAIN %d\n", sent > 500, errno == EAGAIN);
	printf("a limit is told %d\n", sysconf(_SC_SIGQUEUE_MAX) >= sent);
	while (sigtimedwait(&set, &info, &now) > 0)
		in_line &= info.si_value.sival_int == taken++;
	printf("all came %d, in order %d\n", taken == sent, in_line);
}

static void ignored(void)
{
	sigset_t pending;
	queue(0, 1);
	kill(getpid(), SIGUSR1);
	sigpending(&pending);
	printf("pending %d %d\n", sigismember(&pending, SIGRTMIN), sigismember(&pending, SIGUSR1));
	signal(SIGRTMIN, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	sigpending(&pending);
	printf("forgotten %d %d\n", sigismember(&pending, SIGRTMIN), sigismember(&pending, SIGUSR1));
	signal(SIGRTMIN, SIG_DFL);
	printf("gone for good %d\n", sigtimedwait(&set, NULL, &now) == -1 && errno == EAGAIN);
}

static void by_timer(void)
{
	timer_t timer;
	siginfo_t info;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 42 };
	struct itimerspec often = { { 0, 1000000 }, { 0, 1000000 } }, stop = { { 0, 0 }, { 0, 0 } };
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	timer_settime(timer, 0, &often, NULL);
	nanosleep(&soon, NULL);
	int sig = sigwaitinfo(&set, &info);
	timer_settime(timer, 0, &stop, NULL);
	printf("timer: +%d value %d, from a timer %d, missed some %d\n", sig - SIGRTMIN, info.si_value.sival_int,
	       info.si_code == SI_TIMER, info.si_overrun >= 5);
	sigtimedwait(&set, NULL, &now);
	printf("no more than one was in line %d\n", sigtimedwait(&set, NULL, &now) == -1 && errno == EAGAIN);
	timer_delete(timer);
}

static atomic_int waiters, sum;

static void *wait_for_one(void *argument)
{
	siginfo_t info;
	atomic_fetch_add(&waiters, 1);
	while (sigwaitinfo(&set, &info) < 0) /* Linux may wake both for the first */
		;
	atomic_fetch_add(&sum, info.si_value.sival_int);
	return argument;
}

static void two_waiters(void)
{
	pthread_t threads[2];
	sem_t never;
	struct timespec deadline;
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, wait_for_one, NULL);
	while (atomic_load(&waiters) < 2)
		usleep(1000);
	nanosleep(&soon, NULL);
	queue(0, 10);
	queue(0, 20);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("both waiters have one: %d\n", atomic_load(&sum));
	/* A signal that is blocked does not end a sleep. */
	sem_init(&never, 0, 0);
	pthread_kill(pthread_self(), SIGRTMIN);
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += 1;
	printf("slept to the end %d\n", sem_timedwait(&never, &deadline) == -1 && errno == ETIMEDOUT);
	printf("it is still there %d\n", sigtimedwait(&set, NULL, &now) == SIGRTMIN);
}

int main(void)
{
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	for (int i = 0; i < 3; i++)
		sigaddset(&set, SIGRTMIN + i);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGUSR1, SIG_IGN);
	in_order();
	signal(SIGUSR1, SIG_DFL);
	full();
	ignored();
	by_timer();
	two_waiters();
	return 0;
}
