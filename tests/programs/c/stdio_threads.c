//# cpus: 1 2 4
//# cflags: -pthread
/* Lines that four threads print into one stream stay whole, and flockfile keeps several together. Who waits for a stream gets it. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, LINES = 500 };

static FILE *file;

static void *print(void *argument)
{
	for (int i = 0; i < LINES; i++) {
		flockfile(file);
		fprintf(file, "%ld begin %d\n", (long)argument, i);
		fprintf(file, "%ld end %d\n", (long)argument, i);
		funlockfile(file);
	}
	return NULL;
}

static sem_t about_to_wait, got_it;

static void *wait_for_stream(void *argument)
{
	sem_post(&about_to_wait);
	flockfile(file);
	funlockfile(file);
	sem_post(&got_it);
	return argument;
}

/* A thread sleeps until the stream is free; if it should not sleep yet in one round, it does in another. */
static void waiting(void)
{
	sem_init(&about_to_wait, 0, 0);
	sem_init(&got_it, 0, 0);
	for (int i = 0; i < 5; i++) {
		pthread_t thread;
		struct timespec end;
		flockfile(file);
		pthread_create(&thread, NULL, wait_for_stream, NULL);
		sem_wait(&about_to_wait);
		usleep(20000);
		funlockfile(file);
		clock_gettime(CLOCK_REALTIME, &end);
		end.tv_sec += 10;
		if (sem_timedwait(&got_it, &end) != 0) {
			puts("nobody wakes who waits for the stream");
			exit(1);
		}
		pthread_join(thread, NULL);
	}
}

int main(void)
{
	pthread_t threads[THREADS];
	int next[THREADS] = { 0 }, faults = 0, lines = 0;
	file = fopen("lines", "w+");
	waiting();
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, print, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	rewind(file);
	char begin[80], end[80], expected[80];
	while (fgets(begin, sizeof begin, file) && fgets(end, sizeof end, file)) {
		long id = -1;
		int number = -1;
		sscanf(begin, "%ld begin %d", &id, &number);
		snprintf(expected, sizeof expected, "%ld end %d\n", id, number);
		faults += id < 0 || id >= THREADS || number != next[id]++ || strcmp(end, expected) != 0;
		lines += 2;
	}
	printf("lines %d, faults %d\n", lines, faults);
	return 0;
}
