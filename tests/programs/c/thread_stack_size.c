//# cpus: 1 2
//# cflags: -pthread
/* The stack size that was asked for is there to the depth of 60 MiB, in several threads at once, and given back. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

enum { MIB = 1 << 20, STACK = 64 * MIB, DEPTH = 60, THREADS = 3, ROUNDS = 8 };

__attribute__((noinline)) static int descend(int depth, volatile char *above)
{
	volatile char room[MIB];
	for (int i = 0; i < MIB; i += 4096)
		room[i] = (char)depth;
	room[0] = (char)(*above + 1);
	int below = depth > 1 ? descend(depth - 1, room) : 0;
	return below + (room[0] == (char)(*above + 1)) + (room[MIB / 2] == (char)depth) - 1;
}

static void *work(void *argument)
{
	volatile char start = (char)(long)argument;
	return (void *)(long)descend(DEPTH, &start);
}

int main(void)
{
	pthread_attr_t attributes;
	pthread_t threads[THREADS];
	size_t size = 0;
	long sum = 0;
	pthread_attr_init(&attributes);
	printf("set %d", pthread_attr_setstacksize(&attributes, STACK));
	printf(" get %d", pthread_attr_getstacksize(&attributes, &size));
	printf(" %zu\n", size);
	printf("too small %d\n", pthread_attr_setstacksize(&attributes, 1) == EINVAL);
	for (int round = 0; round < ROUNDS; round++) {
		for (long i = 0; i < THREADS; i++)
			pthread_create(&threads[i], &attributes, work, (void *)i);
		for (int i = 0; i < THREADS; i++) {
			void *result;
			pthread_join(threads[i], &result);
			sum += (long)result;
		}
	}
	printf("levels %ld\n", sum);
	return 0;
}
