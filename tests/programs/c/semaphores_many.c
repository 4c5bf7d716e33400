//# cpus: 1 2
/* Of many threads, each of which waits for a semaphore of its own, a post wakes the right one: also the one that came last. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

/* More than the kernel has lists of waiting threads, so that some share one. */
#define NR_THREADS 200
#define PATIENCE_S 10

static sem_t semaphores[NR_THREADS];
static atomic_int nr_ready;

static void *wait_for_own(void *semaphore)
{
	struct timespec deadline;
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += PATIENCE_S;
	nr_ready++;
	return sem_timedwait(semaphore, &deadline) == 0 ? semaphore : NULL;
}

int main(void)
{
	pthread_t threads[NR_THREADS];
	int nr_woken = 0;
	for (int i = 0; i < NR_THREADS; i++) {
		sem_init(&semaphores[i], 0, 0);
		if (pthread_create(&threads[i], NULL, wait_for_own, &semaphores[i]) != 0)
			return 1;
	}
	while (nr_ready < NR_THREADS)
		sched_yield();
	/* Long enough for the last of them to fall asleep. */
	nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	for (int i = NR_THREADS - 1; i >= 0; i--) {
		void *woken;
		sem_post(&semaphores[i]);
		pthread_join(threads[i], &woken);
		nr_woken += woken == &semaphores[i];
	}
	printf("%d of %d woken\n", nr_woken, NR_THREADS);
	return 0;
}
