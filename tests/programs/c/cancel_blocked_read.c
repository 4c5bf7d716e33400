//# cpus: 1 2 4
//# cflags: -pthread
//# stdin: @silence
/* Threads are cancelled at every moment around a read that blocks in the host: before it, on the way, in it. None is missed. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { THREADS = 3, ROUNDS = 60, LONGEST_WAIT = 400 };

static atomic_int ready;

static void *read_for_ever(void *argument)
{
	char byte;
	atomic_fetch_add(&ready, 1);
	read(0, &byte, 1);
	return argument;
}

static int is_cancelled(pthread_t thread)
{
	void *result = NULL;
	return pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED;
}

int main(void)
{
	int cancelled = 0;
	for (int round = 0; round < ROUNDS; round++) {
		pthread_t threads[THREADS];
		atomic_store(&ready, 0);
		for (int i = 0; i < THREADS; i++)
			pthread_create(&threads[i], NULL, read_for_ever, NULL);
		while (atomic_load(&ready) < THREADS && round % 2 == 0)
			usleep(100);
		for (volatile int wait = 0; wait < round * LONGEST_WAIT; wait++)
			;
		for (int i = 0; i < THREADS; i++)
			pthread_cancel(threads[i]);
		for (int i = 0; i < THREADS; i++)
			cancelled += is_cancelled(threads[i]);
	}
	printf("%d of %d cancelled\n", cancelled, THREADS * ROUNDS);
	return 0;
}
