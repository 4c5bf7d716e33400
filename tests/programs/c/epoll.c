//# stdin: @silence
/* epoll: level and edge, one shots, changes and departures of members, epolls in epolls, bad input; on pipes, counters, timers, sockets and
 * standard input together. */
#define _GNU_SOURCE
#include "net.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>

static int epfd;

static int add(int fd, unsigned events, int data)
{
	struct epoll_event event = {events, {.u64 = (unsigned)data}};
	return epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event);
}

static int change(int fd, unsigned events, int data)
{
	struct epoll_event event = {events, {.u64 = (unsigned)data}};
	return epoll_ctl(epfd, EPOLL_CTL_MOD, fd, &event);
}

static int compare(const void *one, const void *other)
{
	const struct epoll_event *a = one, *b = other;
	return (a->data.u64 > b->data.u64) - (a->data.u64 < b->data.u64);
}

/* What is ready within so many milliseconds, in order of the members' numbers. */
static void tell(const char *when, int timeout_ms)
{
	struct epoll_event events[32];
	int count = epoll_wait(epfd, events, 32, timeout_ms);
	printf("%s: %d", when, count);
	if (count > 0)
		qsort(events, (size_t)count, sizeof(events[0]), compare);
	for (int i = 0; i < count; i++)
		printf(" %d:%x", (int)events[i].data.u64, events[i].events);
	printf("\n");
}

static void levels_and_edges(const char *name, int reader, int writer)
{
	char c;
	printf("-- %s\n", name);
	epfd = epoll_create1(EPOLL_CLOEXEC);
	SHOW(add(reader, EPOLLIN, 1));
	SHOW(add(reader, EPOLLIN, 1));
	tell("nothing", 0);
	write(writer, "ab", 2);
	tell("level", 1000);
	tell("level again", 1000);
	read(reader, &c, 1);
	tell("a part is read", 1000);
	SHOW(change(reader, EPOLLIN | EPOLLET, 2));
	tell("edge after a change", 1000);
	tell("no edge", 20);
	write(writer, "c", 1);
	tell("an edge", 1000);
	tell("no edge", 20);
	SHOW(change(reader, EPOLLIN | EPOLLONESHOT, 3));
	tell("one shot", 1000);
	write(writer, "d", 1);
	tell("it is over", 20);
	SHOW(change(reader, EPOLLIN | EPOLLONESHOT, 4));
	tell("armed again", 1000);
	SHOW(change(reader, 0, 5));
	tell("nothing is asked", 20);
	SHOW(change(reader, EPOLLIN, 6));
	tell("asked again", 1000);
	SHOW(epoll_ctl(epfd, EPOLL_CTL_DEL, reader, NULL));
	SHOW(epoll_ctl(epfd, EPOLL_CTL_DEL, reader, NULL));
	SHOW(change(reader, EPOLLIN, 7));
	tell("no member", 20);
	close(epfd);
}

static void ends(void)
{
	int pipe_fds[2], sockets[2];
	printf("-- ends\n");
	epfd = epoll_create(1);
	pipe(pipe_fds);
	connected(sockets);
	SHOW(add(pipe_fds[0], EPOLLIN, 1));
	SHOW(add(pipe_fds[1], EPOLLOUT, 2));
	SHOW(add(sockets[0], EPOLLIN | EPOLLRDHUP, 3));
	tell("one can be written", 0);
	close(sockets[1]);
	struct pollfd entry = {sockets[0], POLLIN, 0};
	poll(&entry, 1, 1000);
	tell("the other side is gone", 1000);
	close(pipe_fds[1]);
	tell("no writer", 1000);
	int copy = dup(pipe_fds[0]);
	close(pipe_fds[0]);
	tell("closed, and open by another name", 1000);
	close(copy);
	close(sockets[0]);
	tell("all closed", 20);
	close(epfd);
}

static void together(void)
{
	int pipe_fds[2], sockets[2];
	uint64_t value;
	printf("-- together\n");
	epfd = epoll_create1(0);
	pipe(pipe_fds);
	connected(sockets);
	int counter = eventfd(0, EFD_NONBLOCK), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	SHOW(add(0, EPOLLIN, 0));
	SHOW(add(pipe_fds[0], EPOLLIN, 1));
	SHOW(add(counter, EPOLLIN, 2));
	SHOW(add(timer, EPOLLIN, 3));
	SHOW(add(sockets[1], EPOLLIN, 4));
	tell("nobody", 20);
	eventfd_write(counter, 3);
	tell("a counter", 1000);
	eventfd_read(counter, &value);
	send(sockets[0], "x", 1, 0);
	tell("a socket", 1000);
	struct itimerspec soon = {{0, 0}, {0, 30000000}};
	timerfd_settime(timer, 0, &soon, NULL);
	char c;
	recv(sockets[1], &c, 1, 0);
	tell("a timer", 1000);
	SHOW(read(timer, &value, sizeof(value)));
	printf("%d\n", (int)value);
	SHOW(read(timer, &value, sizeof(value)));
	write(pipe_fds[1], "x", 1);
	eventfd_write(counter, 1);
	send(sockets[0], "y", 1, 0);
	readable(sockets[1]);
	tell("three", 1000);
	struct epoll_event one;
	SHOW(epoll_wait(epfd, &one, 1, 1000));

	/* An epoll is ready when one of its members is. */
	int inner = epfd;
	epfd = epoll_create1(0);
	SHOW(add(inner, EPOLLIN, 10));
	tell("an epoll in it", 1000);
	struct pollfd entry = {inner, POLLIN, 0};
	SHOW(poll(&entry, 1, 1000));
	SHOW(entry.revents);
	read(pipe_fds[0], &c, 1);
	eventfd_read(counter, &value);
	recv(sockets[1], &c, 1, 0);
	SHOW(poll(&entry, 1, 0));
	tell("not any more", 20);
	send(sockets[0], "z", 1, 0);
	tell("by a socket", 1000);
	close(inner);
	close(epfd);
}

static void bad_input(void)
{
	struct epoll_event event = {EPOLLIN, {.fd = 0}};
	printf("-- bad input\n");
	SHOW(epoll_create(0));
	SHOW(epoll_create1(1));
	epfd = epoll_create1(0);
	int file = open("file", O_RDWR | O_CREAT, 0600), null = open("/dev/null", O_RDWR), other = epoll_create1(0);
	SHOW(add(file, EPOLLIN, 0));
	SHOW(add(null, EPOLLIN, 0));
	SHOW(add(999, EPOLLIN, 0));
	SHOW(add(epfd, EPOLLIN, 0));
	SHOW(epoll_ctl(file, EPOLL_CTL_ADD, 0, &event));
	SHOW(epoll_ctl(-1, EPOLL_CTL_ADD, 0, &event));
	SHOW(epoll_ctl(epfd, 77, other, &event));
	SHOW(epoll_ctl(epfd, EPOLL_CTL_ADD, other, NULL));
	SHOW(epoll_ctl(epfd, EPOLL_CTL_ADD, other, &event));
	SHOW(epoll_ctl(other, EPOLL_CTL_ADD, epfd, &event));
	SHOW(epoll_wait(epfd, &event, 0, 0));
	SHOW(epoll_wait(epfd, &event, -1, 0));
	SHOW(epoll_wait(file, &event, 1, 0));
	SHOW(epoll_wait(999, &event, 1, 0));
	char c;
	SHOW(read(epfd, &c, 1));
	SHOW(write(epfd, &c, 1));
	SHOW(lseek(epfd, 0, SEEK_SET));
	SHOW(timerfd_create(77, 0));
	SHOW(timerfd_create(CLOCK_MONOTONIC, 1));
	SHOW(timerfd_gettime(file, &(struct itimerspec){0}));
	int timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
	SHOW(read(timer, &c, 1));
	SHOW(write(timer, "12345678", 8));
	struct itimerspec wrong = {{0, 0}, {0, 1000000000}};
	SHOW(timerfd_settime(timer, 0, &wrong, NULL));
	SHOW(eventfd(0, 0x1234));
}

int main(void)
{
	int fds[2];
	pipe(fds);
	levels_and_edges("a pipe", fds[0], fds[1]);
	connected(fds);
	levels_and_edges("a socket", fds[0], fds[1]);
	ends();
	together();
	bad_input();
	return 0;
}
