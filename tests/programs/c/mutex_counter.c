//# cpus: 1 2 4
//# cflags: -pthread
/* Eight threads add under a mutex, with trylock, and with atomics; not one addition is lost. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 8, ROUNDS = 20000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long locked, tried;
static atomic_long atomic;

static void *add(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		locked++;
		pthread_mutex_unlock(&mutex);
		atomic_fetch_add(&atomic, 1);
		if (pthread_mutex_trylock(&mutex) == 0) {
			locked++;
			tried--;
			pthread_mutex_unlock(&mutex);
		}
	}
	return argument;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, add, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%ld %ld\n", locked + tried, atomic_load(&atomic));
	return 0;
}
