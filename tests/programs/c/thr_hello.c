//# cpus: 1 2 4
//# cflags: -pthread
/* The original's thr_hello: threads greet one after the other, each with its own thread-local number. */
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long turn;
static __thread long id = -1;

static void *greet(void *argument)
{
	id = (long)argument;
	pthread_mutex_lock(&mutex);
	while (turn != id)
		pthread_cond_wait(&changed, &mutex);
	printf("Hello from thread %ld\n", id);
	turn++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (long i = THREADS - 1; i >= 0; i--)
		pthread_create(&threads[i], NULL, greet, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("main has %ld, %ld greeted\n", id, turn);
	return 0;
}
