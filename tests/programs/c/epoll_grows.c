//# cpus: 1 2
//# cflags: -pthread
/* A thread waits in an epoll while another one adds a member of another kind, which then becomes ready: a socket beside a counter, and a counter
 * beside a socket. And an epoll is polled while its members are closed. */
#define _GNU_SOURCE
#include "net.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

static int epfd;

static void add(int fd, int data)
{
	struct epoll_event event = {EPOLLIN, {.u32 = (unsigned)data}};
	must("add", epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event) == 0);
}

static void *wait_for_one(void *argument)
{
	struct epoll_event event;
	int count = epoll_wait(epfd, &event, 1, 20000);
	printf("%d event: %d\n", count, count == 1 ? (int)event.data.u32 : -1);
	return argument;
}

/* `first` never becomes ready, `second` does. */
static void grow(int first, int second, void (*set_off)(int), int by)
{
	pthread_t thread;
	epfd = epoll_create1(0);
	add(first, 1);
	pthread_create(&thread, NULL, wait_for_one, NULL);
	usleep(30000);
	add(second, 2);
	usleep(10000);
	set_off(by);
	pthread_join(thread, NULL);
	close(epfd);
}

static void count(int fd)
{
	eventfd_write(fd, 1);
}

static void send_one(int fd)
{
	must("send", send(fd, "x", 1, 0) == 1);
}

static volatile int is_over;

static void *poll_it(void *argument)
{
	struct pollfd entry = {epfd, POLLIN, 0};
	while (!is_over)
		poll(&entry, 1, 1);
	return argument;
}

static void close_beside(void)
{
	pthread_t thread;
	epfd = epoll_create1(0);
	pthread_create(&thread, NULL, poll_it, NULL);
	for (int i = 0; i < 2000; i++) {
		int fds[2];
		must("pipe", pipe(fds) == 0);
		add(fds[0], 1);
		add(fds[0] == fds[1] ? fds[0] : eventfd(1, 0), 2);
		write(fds[1], "x", 1);
		close(fds[0]);
		close(fds[1]);
		close(fds[1] + 1);
	}
	is_over = 1;
	pthread_join(thread, NULL);
	printf("nobody hangs\n");
}

int main(void)
{
	int ends[2], counter = eventfd(0, 0);
	connected(ends);
	grow(counter, ends[0], send_one, ends[1]);
	char byte;
	recv(ends[0], &byte, 1, 0);
	grow(ends[0], counter, count, counter);
	close_beside();
	return 0;
}
