//# cflags: -pthread
//# cpus: 1 2 4
/* Read-write locks, barriers, spin locks and semaphores: what they return, and that they keep threads apart. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>

#include "show.h"

enum { THREADS = 4, ROUNDS = 2000 };

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t writers_first = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static sem_t full, empty;
static long written[2], spun, torn, serial, sum;

static struct timespec soon(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	time.tv_nsec += 20000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_nsec -= 1000000000;
		time.tv_sec++;
	}
	return time;
}

static void *work(void *argument)
{
	pthread_rwlock_t *chosen = argument;
	for (int i = 0; i < ROUNDS; i++) {
		if (i % 4 == 0) {
			pthread_rwlock_wrlock(chosen);
			written[0]++;
			written[1]++;
		} else {
			pthread_rwlock_rdlock(chosen);
			if (written[0] != written[1])
				__atomic_add_fetch(&torn, 1, __ATOMIC_RELAXED);
		}
		pthread_rwlock_unlock(chosen);
		pthread_spin_lock(&spin);
		spun++;
		pthread_spin_unlock(&spin);
		if (i % 100 == 0 && pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void *produce(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		sem_wait(&empty);
		sem_post(&full);
	}
	return argument;
}

static void *consume(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		sem_wait(&full);
		__atomic_add_fetch(&sum, 1, __ATOMIC_RELAXED);
		sem_post(&empty);
	}
	return argument;
}

static void *try_all(void *argument)
{
	struct timespec deadline = soon(CLOCK_REALTIME);
	SHOW(pthread_rwlock_tryrdlock(&lock) == EBUSY);
	SHOW(pthread_rwlock_trywrlock(&lock) == EBUSY);
	SHOW(pthread_rwlock_timedrdlock(&lock, &deadline) == ETIMEDOUT);
	deadline = soon(CLOCK_MONOTONIC);
	SHOW(pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &deadline) == ETIMEDOUT);
	deadline.tv_nsec = -1;
	SHOW(pthread_rwlock_timedrdlock(&lock, &deadline) == EINVAL);
	SHOW(pthread_spin_trylock(&spin) == EBUSY);
	return argument;
}

static void run(void *(*function)(void *), void *argument, int count, pthread_t *threads)
{
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, function, argument);
}

static void join(int count, pthread_t *threads)
{
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static void errors(void)
{
	sem_t semaphore;
	int value;
	struct timespec deadline = soon(CLOCK_REALTIME);
	SHOW(sem_init(&semaphore, 0, 2));
	SHOW(sem_trywait(&semaphore));
	SHOW(sem_wait(&semaphore));
	SHOW(sem_trywait(&semaphore));
	SHOW(sem_timedwait(&semaphore, &deadline));
	deadline.tv_nsec = 1000000000;
	SHOW(sem_timedwait(&semaphore, &deadline));
	deadline = soon(CLOCK_MONOTONIC);
	SHOW(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &deadline));
	SHOW(sem_post(&semaphore));
	SHOW(sem_timedwait(&semaphore, &deadline));
	SHOW(sem_getvalue(&semaphore, &value));
	SHOW(value);
	SHOW(sem_destroy(&semaphore));
	SHOW(sem_init(&semaphore, 0, 2147483647));
	SHOW(sem_post(&semaphore));
	SHOW(sem_init(&semaphore, 0, 2147483648u));
	SHOW(pthread_barrier_init(&barrier, NULL, 0) == EINVAL);
	SHOW(pthread_rwlock_rdlock(&lock));
	SHOW(pthread_rwlock_rdlock(&lock));
	SHOW(pthread_rwlock_trywrlock(&lock) == EBUSY);
	SHOW(pthread_rwlock_unlock(&lock));
	SHOW(pthread_rwlock_unlock(&lock));
	SHOW(pthread_rwlock_wrlock(&lock));
	SHOW(pthread_rwlock_wrlock(&lock) == EDEADLK);
	SHOW(pthread_rwlock_rdlock(&lock) == EDEADLK);
}

int main(void)
{
	pthread_t threads[THREADS];
	pthread_spin_init(&spin, 0);
	errors();
	pthread_spin_lock(&spin);
	run(try_all, NULL, 1, threads);
	join(1, threads);
	pthread_spin_unlock(&spin);
	SHOW(pthread_rwlock_unlock(&lock));
	SHOW(pthread_barrier_init(&barrier, NULL, THREADS));
	run(work, &lock, THREADS, threads);
	join(THREADS, threads);
	printf("%ld %ld %ld %ld\n", written[0], spun, torn, serial);
	run(work, &writers_first, THREADS, threads);
	join(THREADS, threads);
	printf("%ld %ld %ld %ld\n", written[0], spun, torn, serial);
	SHOW(pthread_barrier_destroy(&barrier));
	SHOW(pthread_rwlock_destroy(&lock));
	sem_init(&full, 0, 0);
	sem_init(&empty, 0, 3);
	run(produce, NULL, 2, threads);
	run(consume, NULL, 2, threads + 2);
	join(THREADS, threads);
	SHOW(sum);
	printf("%zu %zu %zu %zu\n", sizeof(sem_t), sizeof lock, sizeof barrier, sizeof spin);
	return 0;
}
