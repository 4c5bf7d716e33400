//# compilers: gcc clang
//# cpus: 1 2 4
//# cflags: -pthread
/* __thread variables of threads: initialised anew for each, aligned, their own, also after the block was used before. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

enum { THREADS = 6, ROUNDS = 20, WORDS = 3000 };

static __thread int initialised = 42;
static __thread long large[WORDS];
static __thread _Alignas(64) char aligned[64];
static __thread char text[16] = "thread local";

static void *work(void *argument)
{
	long faults = initialised != 42 || text[0] != 't' || ((uintptr_t)aligned & 63) != 0;
	for (int i = 0; i < WORDS; i++)
		faults += large[i] != 0;
	for (int round = 0; round < 50; round++)
		for (int i = 0; i < WORDS; i++)
			large[i] += (long)argument;
	initialised = (int)(long)argument;
	text[0] = 'T';
	for (int i = 0; i < WORDS; i++)
		faults += large[i] != 50 * (long)argument;
	return (void *)faults;
}

int main(void)
{
	pthread_t threads[THREADS];
	long faults = 0;
	for (int round = 0; round < ROUNDS; round++) {
		for (long i = 0; i < THREADS; i++)
			pthread_create(&threads[i], NULL, work, (void *)(i + 1));
		for (int i = 0; i < THREADS; i++) {
			void *result;
			pthread_join(threads[i], &result);
			faults += (long)result;
		}
	}
	printf("faults %ld, main has %d %s %ld\n", faults, initialised, text, large[0]);
	return 0;
}
