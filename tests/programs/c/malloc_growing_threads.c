//# cpus: 1 2 4
//# cflags: -pthread
//# mem: 1G
//# timeout-s: 240
/* The original's test-malloc-mt: two threads with growing blocks of 16 KiB * i, to 160 MiB; every tenth of its 10,000, since
 * QEMU without KVM is slow. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 2, STEP = 16 * 1024, BLOCKS = 10000, STRIDE = 10 };

static void *work(void *argument)
{
	long id = (long)argument, good = 0;
	for (long i = 1; i <= BLOCKS; i += STRIDE) {
		size_t size = (size_t)STEP * (size_t)i;
		unsigned char *block = malloc(size);
		if (!block)
			break;
		block[0] = block[size - 1] = (unsigned char)(i + id);
		good += block[0] == (unsigned char)(i + id) && block[size - 1] == block[0];
		free(block);
	}
	return (void *)good;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		void *good;
		pthread_join(threads[i], &good);
		printf("thread %d: %ld\n", i, (long)good);
	}
	return 0;
}
