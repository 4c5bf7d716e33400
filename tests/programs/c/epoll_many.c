/* Ten thousand counters in one epoll: a wait tells of the few that are ready; and a poll of two thousand sockets and counters. */
#define _GNU_SOURCE
#include "net.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

enum { MANY = 10000, SOME = 2000 };

int main(void)
{
	static int fds[MANY];
	static struct pollfd set[SOME];
	struct epoll_event events[16];
	struct rlimit limit = {MANY + 100, MANY + 100};
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max < MANY + 100 ? limit.rlim_max : MANY + 100;
	setrlimit(RLIMIT_NOFILE, &limit);
	int many = limit.rlim_cur < MANY + 100 ? (int)limit.rlim_cur - 100 : MANY;
	int epfd = epoll_create1(0);
	for (int i = 0; i < many; i++) {
		struct epoll_event event = {EPOLLIN, {.u32 = (unsigned)i}};
		fds[i] = eventfd(0, EFD_NONBLOCK);
		must("add", fds[i] >= 0 && epoll_ctl(epfd, EPOLL_CTL_ADD, fds[i], &event) == 0);
	}
	long sum = 0;
	for (int round = 0; round < 1000; round++) {
		int chosen = (int)((long)round * 7919 % many);
		uint64_t value = 1;
		must("write", write(fds[chosen], &value, 8) == 8);
		int count = epoll_wait(epfd, events, 16, 1000);
		sum += count == 1 && (int)events[0].data.u32 == chosen;
		must("read", read(fds[chosen], &value, 8) == 8);
	}
	SHOW(sum);
	SHOW(epoll_wait(epfd, events, 16, 0));
	int sockets[2];
	connected(sockets);
	for (int i = 0; i < SOME; i++)
		set[i] = (struct pollfd){i % 2 ? fds[i] : sockets[0], POLLIN, 0};
	SHOW(poll(set, SOME, 10));
	SHOW(send(sockets[1], "x", 1, 0));
	eventfd_write(fds[1], 1);
	readable(sockets[0]);
	SHOW(poll(set, SOME, 1000));
	for (int i = 0; i < many; i++)
		close(fds[i]);
	SHOW(epoll_wait(epfd, events, 16, 10));
	return 0;
}
