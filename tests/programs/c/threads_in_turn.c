//# cpus: 1 2
//# cflags: -pthread
//# mem: 96M
//# isles: process
//# timeout-s: 240
/* 100,000 threads one after the other, joined and detached, each with what the C library keeps for a thread (numbers
 * being printed, strtok, broken-down time): all of it comes back, or the memory would not suffice. Not in QEMU, where it
 * takes minutes without KVM. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 100000 };

static sem_t done;
static long worked;

static void *work(void *argument)
{
	char text[64], words[] = "one two", *rest;
	time_t day = 86400;
	snprintf(text, sizeof text, "%.17g", 1.0 / (double)((long)argument + 3));
	errno = 0;
	int right = strtod(text, NULL) == 1.0 / (double)((long)argument + 3) && strcmp(strtok_r(words, " ", &rest), "one") == 0;
	right &= strncmp(asctime(gmtime(&day)), "Fri Jan  2", 10) == 0;
	__atomic_fetch_add(&worked, right, __ATOMIC_RELAXED);
	if ((long)argument % 2)
		sem_post(&done);
	return NULL;
}

int main(void)
{
	pthread_attr_t attributes, detached;
	sem_init(&done, 0, 0);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 64 * 1024);
	pthread_attr_init(&detached);
	pthread_attr_setstacksize(&detached, 64 * 1024);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	for (long i = 0; i < THREADS; i++) {
		pthread_t thread;
		int error = pthread_create(&thread, i % 2 ? &detached : &attributes, work, (void *)i);
		if (error != 0) {
			printf("thread %ld: %s\n", i, strerror(error));
			return 1;
		}
		if (i % 2)
			sem_wait(&done);
		else
			pthread_join(thread, NULL);
	}
	printf("worked %ld\n", worked);
	return 0;
}
