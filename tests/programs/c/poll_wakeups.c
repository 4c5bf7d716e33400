//# cpus: 2 4
//# cflags: -pthread
/* Who polls one pipe is not woken by bytes in another: it uses no CPU time while they move. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 20000 };

static int watched[2], busy[2];

static void *wait_for_one(void *unused)
{
	struct pollfd set = { watched[0], POLLIN, 0 };
	printf("polled %d\n", poll(&set, 1, -1));
	return unused;
}

static double cpu_ms(pthread_t thread)
{
	clockid_t clock;
	struct timespec time;
	pthread_getcpuclockid(thread, &clock);
	clock_gettime(clock, &time);
	return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

int main(void)
{
	pthread_t thread;
	char byte = 'x';
	pipe(watched);
	pipe(busy);
	pthread_create(&thread, NULL, wait_for_one, NULL);
	usleep(100000);
	double before = cpu_ms(thread);
	for (int i = 0; i < ROUNDS; i++) {
		write(busy[1], &byte, 1);
		read(busy[0], &byte, 1);
	}
	usleep(1000);
	/* It sleeps all the time. Some hundred wake-ups, which are what is left of two in each round, would take longer. */
	double used = cpu_ms(thread) - before;
	printf("quiet %d\n", used < 0.1);
	if (used >= 0.1)
		fprintf(stderr, "%g ms of CPU time\n", used);
	write(watched[1], &byte, 1);
	pthread_join(thread, NULL);
	return 0;
}
