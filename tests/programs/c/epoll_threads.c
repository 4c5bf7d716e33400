//# cpus: 1 2 4
//# cflags: -pthread
//# timeout-s: 120
/* Threads wait in one epoll for counters, sockets and timers, which others set off: each event is seen once (one shots), nobody sleeps on; a
 * signal ends the wait, cancellation too; a member that is closed meanwhile harms nobody. */
#define _GNU_SOURCE
#include "net.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>

enum { MEMBERS = 16, ROUNDS = 500, WAITERS = 3 };

static int epfd, members[MEMBERS][2];
static volatile long seen[MEMBERS];

static void *serve(void *argument)
{
	struct epoll_event event;
	for (;;) {
		if (epoll_wait(epfd, &event, 1, -1) != 1)
			continue;
		unsigned number = event.data.u32;
		if (number == MEMBERS)
			return argument;
		char bytes[8];
		ssize_t got = read(members[number][0], bytes, number % 2 ? 1 : 8);
		must("read", got == (number % 2 ? 1 : 8));
		long now = __atomic_add_fetch(&seen[number], 1, __ATOMIC_SEQ_CST);
		event.events = EPOLLIN | EPOLLONESHOT;
		must("arm", epoll_ctl(epfd, EPOLL_CTL_MOD, members[number][0], &event) == 0);
		/* The other side goes on. */
		(void)now;
	}
}

static void *set_off(void *argument)
{
	uint64_t one = 1;
	unsigned number = (unsigned)(long)argument;
	for (int round = 0; round < ROUNDS; round++) {
		while (seen[number] != round)
			usleep(20);
		must("write", write(members[number][1], &one, number % 2 ? 1 : 8) > 0);
	}
	return NULL;
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void cleaned(void *argument)
{
	printf("%s\n", (const char *)argument);
}

static void *wait_for_ever(void *argument)
{
	struct epoll_event event;
	pthread_cleanup_push(cleaned, "cancelled");
	epoll_wait(*(int *)argument, &event, 1, -1);
	pthread_cleanup_pop(0);
	return NULL;
}

static long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(void)
{
	pthread_t waiters[WAITERS], others[MEMBERS];
	struct epoll_event event;
	epfd = epoll_create1(0);
	for (int i = 0; i < MEMBERS; i++) {
		if (i % 2)
			connected(members[i]);
		else
			members[i][0] = members[i][1] = eventfd(0, 0);
		event = (struct epoll_event){EPOLLIN | EPOLLONESHOT, {.u32 = (unsigned)i}};
		must("add", epoll_ctl(epfd, EPOLL_CTL_ADD, members[i][0], &event) == 0);
	}
	for (int i = 0; i < WAITERS; i++)
		pthread_create(&waiters[i], NULL, serve, NULL);
	for (int i = 0; i < MEMBERS; i++)
		pthread_create(&others[i], NULL, set_off, (void *)(long)i);
	for (int i = 0; i < MEMBERS; i++)
		pthread_join(others[i], NULL);
	for (int i = 0; i < MEMBERS; i++)
		while (seen[i] != ROUNDS)
			usleep(100);
	int end = eventfd(1, 0);
	event = (struct epoll_event){EPOLLIN, {.u32 = MEMBERS}};
	SHOW(epoll_ctl(epfd, EPOLL_CTL_ADD, end, &event));
	for (int i = 0; i < WAITERS; i++)
		pthread_join(waiters[i], NULL);
	printf("all of them\n");
	close(end);

	struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
	sigaction(SIGALRM, &action, NULL);
	struct itimerval soon = {.it_value = {0, 30000}};
	setitimer(ITIMER_REAL, &soon, NULL);
	SHOW(epoll_wait(epfd, &event, 1, 10000));
	long before = now_ms();
	SHOW(epoll_wait(epfd, &event, 1, 50));
	printf("in time %d\n", now_ms() - before >= 49);
	sigset_t none;
	sigemptyset(&none);
	SHOW(epoll_pwait(epfd, &event, 1, 10, &none));

	pthread_t thread;
	void *result;
	pthread_create(&thread, NULL, wait_for_ever, &epfd);
	usleep(30000);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	printf("%d\n", result == PTHREAD_CANCELED);

	pthread_create(&thread, NULL, wait_for_ever, &epfd);
	usleep(10000);
	for (int i = 0; i < MEMBERS; i++)
		close(members[i][0]);
	end = eventfd(1, 0);
	event = (struct epoll_event){EPOLLIN, {.u32 = 1}};
	SHOW(epoll_ctl(epfd, EPOLL_CTL_ADD, end, &event));
	pthread_join(thread, NULL);

	int timer = timerfd_create(CLOCK_MONOTONIC, 0);
	struct itimerspec each = {{0, 5000000}, {0, 5000000}}, left;
	SHOW(timerfd_settime(timer, 0, &each, NULL));
	unsigned long count, sum = 0;
	while (sum < 6) {
		must("read", read(timer, &count, 8) == 8);
		sum += count;
	}
	SHOW(timerfd_gettime(timer, &left));
	printf("%ld %d\n", (long)left.it_interval.tv_nsec, left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 5000000);
	each = (struct itimerspec){{0, 0}, {0, 0}};
	SHOW(timerfd_settime(timer, 0, &each, &left));
	SHOW(timerfd_gettime(timer, &left));
	printf("%ld %ld\n", (long)left.it_value.tv_nsec, (long)left.it_interval.tv_nsec);
	return 0;
}
