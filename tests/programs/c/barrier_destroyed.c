//# cpus: 1 2 4
//# cflags: -pthread
/* A barrier is used round after round, and destroyed, and its memory used for something else, by whoever is told to be the one, while
 * the others still leave. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 3, ROUNDS = 300, REUSES = 4 };

static pthread_barrier_t outer;
static pthread_barrier_t *inner;
static atomic_int serial, changed, behind, arrived;

static void *work(void *argument)
{
	for (int round = 0; round < ROUNDS; round++) {
		if (pthread_barrier_wait(&outer) == PTHREAD_BARRIER_SERIAL_THREAD) {
			inner = malloc(sizeof *inner);
			pthread_barrier_init(inner, NULL, THREADS);
			arrived = 0;
		}
		pthread_barrier_wait(&outer);
		pthread_barrier_t *mine = inner;
		int is_serial = 0;
		for (int reuse = 1; reuse <= REUSES; reuse++) {
			atomic_fetch_add(&arrived, 1);
			is_serial = pthread_barrier_wait(mine) == PTHREAD_BARRIER_SERIAL_THREAD;
			atomic_fetch_add(&serial, is_serial);
			atomic_fetch_add(&behind, atomic_load(&arrived) < reuse * THREADS);
		}
		if (is_serial) {
			pthread_barrier_destroy(mine);
			memset(mine, 0xee, sizeof *mine);
		}
		pthread_barrier_wait(&outer);
		if (is_serial) {
			for (size_t i = 0; i < sizeof *mine; i++)
				changed += ((unsigned char *)mine)[i] != 0xee;
			free(mine);
		}
	}
	return argument;
}

int main(void)
{
	pthread_t threads[THREADS];
	pthread_barrier_init(&outer, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("told to be the one %d, too early %d, bytes changed by those who left late %d\n", serial, behind, changed);
	return 0;
}
