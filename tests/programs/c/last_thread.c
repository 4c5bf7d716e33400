//# cpus: 1 2
//# cflags: -pthread
/* A program whose main thread has left ends with its last thread, by exit with 0: functions of atexit run, streams are written. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* One after the other, however busy the machine is. */
static sem_t turns[5];

static void at_end(void) { printf("at exit, "); }

static void *run(void *argument)
{
	const int number = (int)(long)argument;
	sem_wait(&turns[number]);
	usleep(20000);
	printf("%d, ", number);
	sem_post(&turns[number + 1]);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	atexit(at_end);
	for (long i = 1; i <= 4; i++)
		sem_init(&turns[i], 0, 0);
	for (long i = 1; i <= 3; i++) {
		pthread_create(&thread, NULL, run, (void *)i);
		pthread_detach(thread);
	}
	printf("main, ");
	sem_post(&turns[1]);
	pthread_exit(NULL);
}
