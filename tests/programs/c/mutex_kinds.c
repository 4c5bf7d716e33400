//# cpus: 1 2
//# cflags: -pthread
/* Normal, recursive and error-checking mutexes, as seen by their owner and by another thread; a lock that gives up. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t mutex;

static const char *name(int error)
{
	switch (error) {
	case 0: return "ok";
	case EBUSY: return "EBUSY";
	case EPERM: return "EPERM";
	case EDEADLK: return "EDEADLK";
	case EINVAL: return "EINVAL";
	case ETIMEDOUT: return "ETIMEDOUT";
	default: return strerror(error);
	}
}

static void *other(void *argument)
{
	struct timespec deadline, after;
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_nsec += 20000000;
	if (deadline.tv_nsec >= 1000000000) {
		deadline.tv_nsec -= 1000000000;
		deadline.tv_sec++;
	}
	printf(" other: trylock %s", name(pthread_mutex_trylock(&mutex)));
	printf(" timedlock %s", name(pthread_mutex_timedlock(&mutex, &deadline)));
	clock_gettime(CLOCK_REALTIME, &after);
	printf(" late %d", after.tv_sec > deadline.tv_sec || (after.tv_sec == deadline.tv_sec && after.tv_nsec >= deadline.tv_nsec));
	if (argument)
		printf(" unlock %s", name(pthread_mutex_unlock(&mutex)));
	printf("\n");
	return NULL;
}

static void show(const char *what, int kind, int checks)
{
	pthread_mutexattr_t attributes;
	pthread_t thread;
	int got = -1;
	pthread_mutexattr_init(&attributes);
	printf("%s: settype %s", what, name(pthread_mutexattr_settype(&attributes, kind)));
	pthread_mutexattr_gettype(&attributes, &got);
	printf(" gettype %d init %s", got == kind, name(pthread_mutex_init(&mutex, &attributes)));
	pthread_mutexattr_destroy(&attributes);
	printf(" lock %s", name(pthread_mutex_lock(&mutex)));
	printf(" trylock %s\n", name(pthread_mutex_trylock(&mutex)));
	if (checks)
		printf(" lock %s\n", name(pthread_mutex_lock(&mutex)));
	pthread_create(&thread, NULL, other, checks ? "" : NULL);
	pthread_join(thread, NULL);
	printf(" unlock %s", name(pthread_mutex_unlock(&mutex)));
	for (int i = 0; checks && i < 3; i++)
		printf(" %s", name(pthread_mutex_unlock(&mutex)));
	printf(" destroy %s\n", name(pthread_mutex_destroy(&mutex)));
}

int main(void)
{
	show("normal", PTHREAD_MUTEX_NORMAL, 0);
	show("recursive", PTHREAD_MUTEX_RECURSIVE, 1);
	show("errorcheck", PTHREAD_MUTEX_ERRORCHECK, 1);
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	printf("no such type: %s\n", name(pthread_mutexattr_settype(&attributes, 77)));
	return 0;
}
