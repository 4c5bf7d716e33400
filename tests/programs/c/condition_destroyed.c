//# cpus: 1 2 4
/* A condition variable is destroyed, and its memory used for something else, while the threads that it has woken still leave. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NR_THREADS 3
#define ROUNDS     2000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_here = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_cond_t *cond;
static int nr_waiting;

static void *wait_often(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_barrier_wait(&barrier);
		pthread_mutex_lock(&mutex);
		if (++nr_waiting == NR_THREADS)
			pthread_cond_signal(&all_here);
		do
			pthread_cond_wait(cond, &mutex);
		while (cond != NULL);
		pthread_mutex_unlock(&mutex);
		pthread_barrier_wait(&barrier);
	}
	return argument;
}

int main(void)
{
	pthread_t threads[NR_THREADS];
	int changed = 0;
	pthread_barrier_init(&barrier, NULL, NR_THREADS + 1);
	for (int i = 0; i < NR_THREADS; i++)
		pthread_create(&threads[i], NULL, wait_often, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		pthread_cond_t *mine = cond = malloc(sizeof *cond);
		pthread_cond_init(cond, NULL);
		nr_waiting = 0;
		pthread_barrier_wait(&barrier);
		pthread_mutex_lock(&mutex);
		while (nr_waiting < NR_THREADS)
			pthread_cond_wait(&all_here, &mutex);
		cond = NULL;
		pthread_cond_broadcast(mine);
		pthread_mutex_unlock(&mutex);
		pthread_cond_destroy(mine);
		memset(mine, 0xee, sizeof *mine);
		pthread_barrier_wait(&barrier);
		for (size_t k = 0; k < sizeof *mine; k++)
			changed += ((unsigned char *) mine)[k] != 0xee;
		free(mine);
	}
	for (int i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%d bytes changed by those who left late\n", changed);
	return 0;
}
