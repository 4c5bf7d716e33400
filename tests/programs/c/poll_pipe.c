//# cpus: 1 2
//# cflags: -pthread
/* poll and select on a pipe: give up after their time, are woken by another thread, see the end. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

static int ends[2];

static void *later(void *text)
{
	usleep(20000);
	if (text)
		write(ends[1], text, 1);
	else
		close(ends[1]);
	return NULL;
}

static long long now_ms(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000ll + time.tv_nsec / 1000000;
}

int main(void)
{
	pthread_t thread;
	char byte;
	pipe(ends);
	struct pollfd both[2] = { { ends[0], POLLIN, 0 }, { ends[1], POLLOUT, 0 } };
	long long start = now_ms();
	printf("nothing %d", poll(both, 1, 30));
	printf(" after %d\n", now_ms() - start >= 29);
	printf("writable %d", poll(both, 2, 30000));
	printf(" %d %d\n", both[0].revents, both[1].revents == POLLOUT);
	pthread_create(&thread, NULL, later, "x");
	printf("woken %d", poll(both, 1, 30000));
	printf(" %d\n", both[0].revents == POLLIN);
	pthread_join(thread, NULL);
	fd_set readable;
	FD_ZERO(&readable);
	FD_SET(ends[0], &readable);
	struct timeval time = { 30, 0 };
	printf("select %d", select(ends[0] + 1, &readable, NULL, NULL, &time));
	printf(" %d\n", !!FD_ISSET(ends[0], &readable));
	read(ends[0], &byte, 1);
	time = (struct timeval) { 0, 20000 };
	printf("select %d", select(ends[0] + 1, &readable, NULL, NULL, &time));
	printf(" %d\n", !!FD_ISSET(ends[0], &readable));
	pthread_create(&thread, NULL, later, NULL);
	printf("end %d", poll(both, 1, 30000));
	printf(" %d\n", !!(both[0].revents & POLLHUP));
	pthread_join(thread, NULL);
	return 0;
}
