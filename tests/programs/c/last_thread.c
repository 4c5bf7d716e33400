//# cpus: 1 2
//# cflags: -pthread
/* A program whose main thread has left ends with its last thread, by exit with 0: functions of atexit run, streams are written. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void at_end(void) { printf("at exit, "); }

static void *run(void *argument)
{
	usleep(20000 * (int)(long)argument);
	printf("%d, ", (int)(long)argument);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	atexit(at_end);
	for (long i = 1; i <= 3; i++) {
		pthread_create(&thread, NULL, run, (void *)i);
		pthread_detach(thread);
	}
	printf("main, ");
	pthread_exit(NULL);
}
