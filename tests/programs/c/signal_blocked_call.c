//# cpus: 1 2 4
//# cflags: -pthread
//# stdin: @silence
/* Signals end calls that wait in the host: read, poll and select on an empty pipe, from an alarm, another thread, a timer;
 * SA_RESTART lets a read go on; cancellation ends it; poll over files of the host and of the isle hears of both. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

static volatile sig_atomic_t handled;
static atomic_int ready, enough, ended;
static pthread_t main_thread;

static void count(int sig)
{
	(void)sig;
	handled++;
}

static void handle(int sig, int flags)
{
	struct sigaction action = { .sa_handler = count, .sa_flags = flags };
	sigaction(sig, &action, NULL);
	handled = 0;
}

/* Again and again: the first one may come before the call. */
static void alarms(long every_ms)
{
	struct itimerval value = { { 0, every_ms * 1000 }, { 0, every_ms * 1000 } };
	setitimer(ITIMER_REAL, &value, NULL);
}

static int was_handled(void)
{
	alarms(0);
	int was = handled > 0;
	handled = 0;
	return was;
}

static void by_alarm(void)
{
	char byte;
	struct pollfd entry = { .fd = 0, .events = POLLIN };
	fd_set set;
	handle(SIGALRM, 0);
	alarms(20);
	SHOW(read(0, &byte, 1));
	SHOW(was_handled());
	alarms(20);
	SHOW(poll(&entry, 1, -1));
	SHOW(was_handled());
	FD_ZERO(&set);
	FD_SET(0, &set);
	alarms(20);
	SHOW(select(1, &set, NULL, NULL, NULL));
	SHOW(was_handled());
}

static void *send_later(void *argument)
{
	while (!atomic_load(&enough)) {
		usleep(30000);
		pthread_kill(main_thread, SIGUSR1);
	}
	return argument;
}

static void by_thread(void)
{
	char byte;
	pthread_t thread;
	handle(SIGUSR1, 0);
	pthread_create(&thread, NULL, send_later, NULL);
	SHOW(read(0, &byte, 1));
	atomic_store(&enough, 1);
	pthread_join(thread, NULL);
	SHOW(was_handled());
	/* It goes on some times, then another handler ends it. */
	atomic_store(&enough, 0);
	handle(SIGUSR1, SA_RESTART);
	handle(SIGALRM, 0);
	pthread_create(&thread, NULL, send_later, NULL);
	alarms(200);
	SHOW(read(0, &byte, 1));
	atomic_store(&enough, 1);
	pthread_join(thread, NULL);
	SHOW(handled >= 2);
	alarms(0);
}

static void *read_for_ever(void *argument)
{
	char byte;
	atomic_fetch_add(&ready, 1);
	read(0, &byte, 1);
	atomic_fetch_add(&ended, 1);
	return argument;
}

/* The signals are for threads that are in the host, not for the one that sends them. */
static void readers(void)
{
	pthread_t threads[3];
	void *result;
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, read_for_ever, NULL);
	while (atomic_load(&ready) < 3)
		usleep(1000);
	usleep(20000);
	handle(SIGUSR2, 0);
	/* Again and again: the first one may come before the call. */
	while (atomic_load(&ended) == 0) {
		if (pthread_kill(threads[1], SIGUSR2) != 0)
			break;
		usleep(20000);
	}
	SHOW(pthread_join(threads[1], &result));
	SHOW(result == NULL);
	SHOW(handled > 0);
	SHOW(pthread_cancel(threads[0]));
	SHOW(pthread_join(threads[0], &result));
	SHOW(result == PTHREAD_CANCELED);
	SHOW(pthread_cancel(threads[2]));
	SHOW(pthread_join(threads[2], &result));
	SHOW(result == PTHREAD_CANCELED);
}

static void with_mask(void)
{
	sigset_t none, usr1;
	struct pollfd entry = { .fd = 0, .events = POLLIN };
	struct timespec soon = { 0, 20000000 }, long_time = { 20, 0 };
	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	handle(SIGUSR1, 0);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	raise(SIGUSR1);
	SHOW(ppoll(&entry, 1, &soon, NULL)); /* it stays blocked */
	SHOW(handled);
	SHOW(ppoll(&entry, 1, &long_time, &none));
	SHOW(handled);
	raise(SIGUSR1);
	SHOW(handled);
	SHOW(pselect(0, NULL, NULL, NULL, &long_time, &none));
	SHOW(handled);
	SHOW(ppoll(&entry, 1, &soon, &none));
	raise(SIGUSR1);
	SHOW(handled); /* the mask is back */
	pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
	SHOW(handled);
}

static int ends[2];

static void *write_later(void *argument)
{
	usleep(30000);
	write(ends[1], "x", 1);
	return argument;
}

static void mixed(void)
{
	pthread_t thread;
	char byte;
	pipe(ends);
	struct pollfd entries[2] = { { .fd = 0, .events = POLLIN }, { .fd = ends[0], .events = POLLIN } };
	pthread_create(&thread, NULL, write_later, NULL);
	SHOW(poll(entries, 2, -1));
	SHOW(entries[0].revents);
	SHOW(entries[1].revents == POLLIN);
	pthread_join(thread, NULL);
	SHOW(read(ends[0], &byte, 1));
	SHOW(poll(entries, 2, 20));
	handle(SIGALRM, SA_RESTART);
	alarms(20);
	SHOW(poll(entries, 2, -1)); /* never restarted */
	SHOW(was_handled());
}

int main(void)
{
	main_thread = pthread_self();
	by_alarm();
	by_thread();
	readers();
	with_mask();
	mixed();
	return 0;
}
