//# cpus: 1 2 4
//# cflags: -pthread
/* The original's signals: each thread gets 16 signals by pthread_kill, and handles them itself, computing and asleep. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { THREADS = 4, SIGNALS = 16 };

static atomic_int received[THREADS], astray, stop, up;
static __thread int id = -1;

static void handle(int signal)
{
	if (id < 0 || signal != SIGUSR1)
		atomic_fetch_add(&astray, 1);
	else
		atomic_fetch_add(&received[id], 1);
}

static void *work(void *argument)
{
	id = (int)(long)argument;
	atomic_fetch_add(&up, 1);
	while (!atomic_load(&stop))
		if (id % 2)
			usleep(500);
	return argument;
}

int main(void)
{
	pthread_t threads[THREADS];
	signal(SIGUSR1, handle);
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	while (atomic_load(&up) < THREADS)
		usleep(100);
	int failed = 0;
	for (int round = 1; round <= SIGNALS; round++) {
		for (int i = 0; i < THREADS; i++)
			failed += pthread_kill(threads[i], SIGUSR1) != 0;
		for (int i = 0; i < THREADS; i++)
			while (atomic_load(&received[i]) < round)
				usleep(100);
	}
	printf("exists %d, no signal %d\n", pthread_kill(threads[0], 0), pthread_kill(threads[0], 9999) == EINVAL);
	atomic_store(&stop, 1);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		printf("[%d] received %d\n", i, received[i]);
	}
	printf("failed %d, astray %d\n", failed, astray);
	return 0;
}
