//# cflags: -pthread
//# cpus: 1 2
//# compare: none
//# stdout: 0\n1\n1\n1\n0\n1\n
/* A handle whose thread has been joined is known to be nobody's; one that is detached cannot be joined, however late. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

static sem_t refused;

static void *end(void *argument)
{
	return argument;
}

/* Lives until joining it has been refused, or for long. */
static void *stay(void *argument)
{
	struct timespec deadline;
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += 5;
	sem_timedwait(&refused, &deadline);
	return argument;
}

int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, end, NULL);
	printf("%d\n", pthread_join(thread, NULL));
	printf("%d\n", pthread_detach(thread) == ESRCH);
	printf("%d\n", pthread_join(thread, NULL) == ESRCH);
	for (int i = 0; i < 1000; ++i) {
		pthread_create(&thread, NULL, end, NULL);
		pthread_join(thread, NULL);
	}
	printf("%d\n", pthread_join(thread, NULL) == ESRCH);
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	int joined = 0;
	for (int i = 0; i < 1000; ++i) {
		pthread_create(&thread, &attributes, end, NULL);
		int error = pthread_join(thread, NULL);
		joined += error != EINVAL && error != ESRCH;
	}
	printf("%d\n", joined);
	sem_init(&refused, 0, 0);
	pthread_create(&thread, &attributes, stay, NULL);
	printf("%d\n", pthread_join(thread, NULL) == EINVAL);
	sem_post(&refused);
	return 0;
}
