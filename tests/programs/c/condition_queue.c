//# cpus: 1 2 4
//# cflags: -pthread
/* Three producers and three consumers share a queue of four places: everything arrives once. */
#include <pthread.h>
#include <stdio.h>

enum { PLACES = 4, PRODUCERS = 3, CONSUMERS = 3, EACH = 2000, TOTAL = PRODUCERS * EACH };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;
static int queue[PLACES], head, used, taken;
static unsigned char seen[TOTAL];

static void *produce(void *argument)
{
	long first = (long)argument * EACH;
	for (long i = first; i < first + EACH; i++) {
		pthread_mutex_lock(&mutex);
		while (used == PLACES)
			pthread_cond_wait(&not_full, &mutex);
		queue[(head + used++) % PLACES] = (int)i;
		pthread_cond_signal(&not_empty);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void *consume(void *argument)
{
	for (;;) {
		pthread_mutex_lock(&mutex);
		while (used == 0 && taken < TOTAL)
			pthread_cond_wait(&not_empty, &mutex);
		if (taken == TOTAL) {
			pthread_cond_broadcast(&not_empty);
			pthread_mutex_unlock(&mutex);
			return argument;
		}
		seen[queue[head]]++;
		head = (head + 1) % PLACES;
		used--;
		taken++;
		pthread_cond_signal(&not_full);
		pthread_mutex_unlock(&mutex);
	}
}

int main(void)
{
	pthread_t threads[PRODUCERS + CONSUMERS];
	int once = 0;
	for (long i = 0; i < CONSUMERS; i++)
		pthread_create(&threads[PRODUCERS + i], NULL, consume, NULL);
	for (long i = 0; i < PRODUCERS; i++)
		pthread_create(&threads[i], NULL, produce, (void *)i);
	for (int i = 0; i < PRODUCERS + CONSUMERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < TOTAL; i++)
		once += seen[i] == 1;
	printf("%d of %d exactly once, %d left\n", once, TOTAL, used);
	return 0;
}
