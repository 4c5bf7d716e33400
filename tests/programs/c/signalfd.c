//# cpus: 1 2
//# cflags: -pthread
/* signalfd: signals that are blocked are read, one by one and several at once, with who sent them; polled, and waited for in an epoll; from
 * another thread, from a timer, from kill. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <unistd.h>

#include "show.h"

static void *kill_later(void *argument)
{
	usleep(30000);
	kill(getpid(), SIGTERM);
	return argument;
}

static void tell(const struct signalfd_siginfo *info)
{
	printf("signal %u, code %d, from here %d, value %d\n", info->ssi_signo, info->ssi_code, info->ssi_pid == (unsigned)getpid(), info->ssi_int);
}

int main(void)
{
	sigset_t mask;
	struct signalfd_siginfo info[4];
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGALRM);
	sigaddset(&mask, SIGRTMIN);
	pthread_sigmask(SIG_BLOCK, &mask, NULL);
	int fd = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
	SHOW(fcntl(fd, F_GETFD));
	SHOW(read(fd, info, sizeof(info[0])));
	SHOW(read(fd, info, 10));
	kill(getpid(), SIGUSR1);
	struct pollfd entry = {fd, POLLIN, 0};
	SHOW(poll(&entry, 1, 0));
	SHOW(read(fd, info, sizeof(info[0])));
	tell(&info[0]);
	SHOW(poll(&entry, 1, 0));
	for (int i = 1; i <= 3; i++)
		sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i});
	SHOW(read(fd, info, sizeof(info)));
	for (int i = 0; i < 3; i++)
		tell(&info[i]);
	int epfd = epoll_create1(0);
	struct epoll_event event = {EPOLLIN, {.fd = fd}};
	SHOW(epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event));
	SHOW(epoll_wait(epfd, &event, 1, 10));
	pthread_t thread;
	pthread_create(&thread, NULL, kill_later, NULL);
	SHOW(epoll_wait(epfd, &event, 1, 10000));
	SHOW(read(fd, info, sizeof(info)));
	tell(&info[0]);
	pthread_join(thread, NULL);
	SHOW(fcntl(fd, F_SETFL, 0));
	struct itimerval soon = {.it_value = {0, 20000}};
	setitimer(ITIMER_REAL, &soon, NULL);
	SHOW(read(fd, info, sizeof(info)));
	printf("signal %u\n", info[0].ssi_signo);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &mask, NULL);
	SHOW(signalfd(fd, &mask, 0) == fd);
	raise(SIGUSR2);
	SHOW(read(fd, info, sizeof(info)));
	printf("signal %u\n", info[0].ssi_signo);
	SHOW(write(fd, info, sizeof(info[0])));
	SHOW(signalfd(0, &mask, 0));
	SHOW(signalfd(-1, &mask, 1));
	return 0;
}
