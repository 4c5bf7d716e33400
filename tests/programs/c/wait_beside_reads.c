//# cflags: -pthread
//# cpus: 1 2 4
//# stdin: @silence
//# timeout-s: 240
/* Hundreds of threads wait in read(0) of an empty pipe. A poll of the same pipe ends when its time is over, not when theirs is, and
 * what is no pipe can be read meanwhile. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "bounds.h"

enum { THREADS = 300, TIMEOUT_MS = 100 };

static atomic_int ready;

static void *read_for_ever(void *argument)
{
	char byte;
	atomic_fetch_add(&ready, 1);
	read(0, &byte, 1);
	return argument;
}

int main(void)
{
	pthread_attr_t small;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 * 1024);
	int started = 0;
	for (int i = 0; i < THREADS; i++) {
		pthread_t thread;
		started += pthread_create(&thread, &small, read_for_ever, NULL) == 0;
	}
	while (atomic_load(&ready) < started)
		usleep(1000);
	usleep(200000);
	struct pollfd silence = { .fd = 0, .events = POLLIN };
	long long before_ns = now_ns(CLOCK_MONOTONIC);
	int answer = poll(&silence, 1, TIMEOUT_MS);
	long long took_ns = now_ns(CLOCK_MONOTONIC) - before_ns;
	printf("%d threads wait: poll %d, %s\n", started, answer, took_ns >= TIMEOUT_MS * MS ? "not too early" : "too early");
	char byte;
	int file = open("/dev/zero", O_RDONLY);
	printf("read %zd\n", read(file, &byte, 1));
	fflush(stdout);
	_exit(0);
}
