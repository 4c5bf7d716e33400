//# cpus: 1 2 4
//# cflags: -pthread
//# mem: 1G
/* The original's test-malloc-mt: four threads take and give back growing blocks of 16 KiB * i; and blocks freed by another thread. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, STEP = 16 * 1024, GROWING = 300, SMALL = 4000 };

static void *passed_on[THREADS][SMALL];

static size_t small_size(int i)
{
	return (size_t)i * 37 % 2000 + 1;
}

static void *work(void *argument)
{
	long id = (long)argument, faults = 0;
	for (long i = 1; i < GROWING; i++) {
		size_t size = (size_t)(STEP * i);
		unsigned char *block = malloc(size);
		if (!block)
			return (void *)-1;
		block[0] = block[size / 2] = block[size - 1] = (unsigned char)(i + id);
		faults += block[0] != (unsigned char)(i + id) || block[size - 1] != block[0];
		free(block);
	}
	for (int i = 0; i < SMALL; i++) {
		passed_on[id][i] = malloc(small_size(i));
		memset(passed_on[id][i], (int)id, small_size(i));
	}
	return (void *)faults;
}

static void *free_others(void *argument)
{
	long id = (long)argument, faults = 0;
	for (int i = 0; i < SMALL; i++) {
		unsigned char *block = passed_on[id][i];
		faults += block[0] != id || block[small_size(i) - 1] != id;
		free(block);
	}
	return (void *)faults;
}

static long run(void *(*function)(void *), long turn)
{
	pthread_t threads[THREADS];
	long faults = 0;
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, function, (void *)((i + turn) % THREADS));
	for (int i = 0; i < THREADS; i++) {
		void *result;
		pthread_join(threads[i], &result);
		faults += (long)result;
	}
	return faults;
}

int main(void)
{
	printf("growing %ld\n", run(work, 0));
	printf("freed by others %ld\n", run(free_others, 1));
	return 0;
}
