//# cflags: -pthread
/* Threads: a mutex, a condition variable, keys, thread-local storage, errno of their own, join and detach. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int counter, turn, initialised, destroyed;
static __thread int own = 5;

static void initialise(void)
{
	initialised++;
}

static void destroy(void *value)
{
	__atomic_add_fetch(&destroyed, 1, __ATOMIC_SEQ_CST);
	free(value);
}

static void *work(void *argument)
{
	long id = (long)argument;
	pthread_once(&once, initialise);
	pthread_setspecific(key, malloc(10));
	errno = (int)id;
	own += (int)id;
	for (int i = 0; i < 2000; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
		void *block = malloc((size_t)i % 500 + 1);
		memset(block, (int)id, (size_t)i % 500 + 1);
		free(block);
	}
	pthread_mutex_lock(&mutex);
	while (turn != id)
		pthread_cond_wait(&changed, &mutex);
	turn++;
	printf("thread %ld errno %d own %d\n", id, errno, own);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	return (void *)(id * id);
}

/* In a static program glibc's pthread_exit needs libgcc_s.so, which is not there. */
static void *leave(void *result)
{
#ifdef __hermit__
	pthread_exit(result);
#endif
	return result;
}

int main(void)
{
	pthread_t threads[8];
	void *result;
	pthread_key_create(&key, destroy);
	for (long i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	long sum = 0;
	for (int i = 0; i < 8; i++)
		sum += pthread_join(threads[i], &result) == 0 ? (long)result : 1000;
	printf("%ld %d %d %d\n", sum, counter, initialised, destroyed);
	pthread_create(&threads[0], NULL, leave, &counter);
	pthread_join(threads[0], &result);
	printf("%d\n", result == &counter);
	printf("%d", pthread_mutex_lock(&recursive));
	printf(" %d", pthread_mutex_trylock(&recursive));
	printf(" %d", pthread_mutex_unlock(&recursive));
	printf(" %d", pthread_mutex_unlock(&recursive));
	printf(" %d\n", pthread_mutex_unlock(&recursive) == EPERM);
	struct timespec deadline;
	clock_gettime(CLOCK_REALTIME, &deadline);
	pthread_mutex_lock(&mutex);
	printf("%d\n", pthread_cond_timedwait(&changed, &mutex, &deadline) == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < 200; i++) {
		pthread_create(&threads[0], NULL, leave, NULL);
		if (i % 2 == 0)
			pthread_join(threads[0], NULL);
		else
			pthread_detach(threads[0]);
	}
	printf("%zu %zu %zu %zu\n", sizeof mutex, sizeof changed, sizeof once, sizeof(pthread_attr_t));
	return 0;
}
