//# cpus: 1 2
//# cflags: -pthread
/* Calls that wait on sockets, and what ends them: time limits, signals with and without SA_RESTART, cancellation, a shutdown by another
 * thread. */
#include "net.h"

#include <time.h>

static volatile sig_atomic_t handled;

static void on_alarm(int signal)
{
	handled += signal == SIGALRM;
}

static void alarm_soon(int flags)
{
	struct sigaction action = {.sa_handler = on_alarm, .sa_flags = flags};
	sigaction(SIGALRM, &action, NULL);
	struct itimerval soon = {.it_value = {0, 50000}};
	setitimer(ITIMER_REAL, &soon, NULL);
}

static long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void time_limits(void)
{
	int ends[2];
	char c;
	union address address;
	connected(ends);
	struct timeval limit = {0, 60000}, told;
	socklen_t bytes = sizeof(told);
	SHOW(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	SHOW(getsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &told, &bytes));
	printf("%ld %ld %u\n", (long)told.tv_sec, (long)told.tv_usec, bytes);
	long before = now_ms();
	SHOW(recv(ends[0], &c, 1, 0));
	printf("after its time %d\n", now_ms() - before >= 59);
	SHOW(send(ends[1], "a", 1, 0));
	SHOW(recv(ends[0], &c, 1, 0));
	int listener = listening(AF_INET, &address);
	SHOW(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	SHOW(accept(listener, NULL, NULL));
	SHOW(setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)));
	static char much[1 << 20];
	while (send(ends[0], much, sizeof(much), 0) == sizeof(much))
		;
	errno = 0;
	ssize_t sent = send(ends[0], much, sizeof(much), 0);
	printf("no more: %d\n", sent > 0 || errno == EAGAIN);
	limit.tv_usec = 1000000;
	SHOW(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	alarm_soon(SA_RESTART);
	limit = (struct timeval){10, 0};
	setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	SHOW(recv(ends[0], &c, 1, 0));
	close(listener);
	close(ends[0]);
	close(ends[1]);
}

static int fds[2];

static void *send_later(void *argument)
{
	while (handled == 0)
		usleep(1000);
	must("send", send(fds[1], "z", 1, 0) == 1);
	return argument;
}

static void signals(void)
{
	char c = 0;
	pthread_t thread;
	connected(fds);
	handled = 0;
	alarm_soon(0);
	SHOW(recv(fds[0], &c, 1, 0));
	handled = 0;
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&thread, NULL, send_later, NULL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	alarm_soon(SA_RESTART);
	SHOW(recv(fds[0], &c, 1, 0));
	printf("%c, handled %d\n", c, (int)handled);
	pthread_join(thread, NULL);
	union address address;
	int listener = listening(AF_INET, &address);
	alarm_soon(0);
	SHOW(accept(listener, NULL, NULL));
	close(listener);
}

static void cleaned(void *text)
{
	printf("%s is cancelled\n", (const char *)text);
}

static void *receive(void *argument)
{
	char c;
	pthread_cleanup_push(cleaned, "recv");
	recv(*(int *)argument, &c, 1, 0);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *take(void *argument)
{
	pthread_cleanup_push(cleaned, "accept");
	accept(*(int *)argument, NULL, NULL);
	pthread_cleanup_pop(0);
	return NULL;
}

static void cancelled(void *(*work)(void *), int fd)
{
	pthread_t thread;
	void *result;
	pthread_create(&thread, NULL, work, &fd);
	usleep(30000);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	printf("cancelled %d\n", result == PTHREAD_CANCELED);
}

static void *see_the_end(void *argument)
{
	char c;
	return (void *)recv(*(int *)argument, &c, 1, 0);
}

static void *see_no_end(void *argument)
{
	return (void *)(long)(accept(*(int *)argument, NULL, NULL) < 0 ? errno : 0);
}

static void shut_by_another(void)
{
	union address address;
	pthread_t thread;
	void *result;
	pthread_create(&thread, NULL, see_the_end, &fds[0]);
	usleep(30000);
	SHOW(shutdown(fds[0], SHUT_RD));
	pthread_join(thread, &result);
	printf("recv: %ld\n", (long)result);
	int listener = listening(AF_INET, &address);
	pthread_create(&thread, NULL, see_no_end, &listener);
	usleep(30000);
	SHOW(shutdown(listener, SHUT_RD));
	pthread_join(thread, &result);
	printf("accept: errno %ld\n", (long)result);
}

int main(void)
{
	union address address;
	time_limits();
	signals();
	cancelled(receive, fds[0]);
	cancelled(take, listening(AF_INET, &address));
	shut_by_another();
	return 0;
}
