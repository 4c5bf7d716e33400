//# cpus: 1 2 4
//# cflags: -pthread
/* Who waits for a read-write lock goes on as soon as it may: all readers together when a writer leaves, readers behind a writer that gives
 * up, a writer when the last reader leaves, one behind a writer that gives up. If the lock prefers writers, nobody begins to read while
 * one waits. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

enum { READERS = 4 };

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t writers_first = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static sem_t done;
static atomic_int about_to_wait, inside, most_inside;

static struct timespec after_ms(long ms)
{
	struct timespec time;
	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec += ms * 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

/* Until `count` threads have said that they are done, for 10 s: threads that nobody wakes are told, and end the program. */
static int are_done(int count)
{
	struct timespec end = after_ms(10000);
	for (int i = 0; i < count; i++)
		if (sem_timedwait(&done, &end) != 0) {
			printf("nobody wakes %d of %d threads\n", count - i, count);
			exit(1);
		}
	return 1;
}

static void arrive(void)
{
	atomic_fetch_add(&about_to_wait, 1);
}

/* Until so many threads wait, most likely. */
static void until_waiting(int count)
{
	while (atomic_load(&about_to_wait) < count)
		usleep(500);
	usleep(10000);
}

/* Stays until all readers are in. */
static void *read_together(void *argument)
{
	arrive();
	pthread_rwlock_rdlock(argument);
	int now = atomic_fetch_add(&inside, 1) + 1;
	if (now > atomic_load(&most_inside))
		atomic_store(&most_inside, now);
	for (int i = 0; i < 2000 && atomic_load(&inside) < READERS; i++)
		usleep(1000);
	pthread_rwlock_unlock(argument);
	sem_post(&done);
	return NULL;
}

static void *read_once(void *argument)
{
	arrive();
	pthread_rwlock_rdlock(argument);
	pthread_rwlock_unlock(argument);
	sem_post(&done);
	return NULL;
}

static void *write_once(void *argument)
{
	arrive();
	pthread_rwlock_wrlock(argument);
	pthread_rwlock_unlock(argument);
	sem_post(&done);
	return NULL;
}

static void *give_up_writing(void *argument)
{
	struct timespec end = after_ms(100);
	arrive();
	SHOW(pthread_rwlock_timedwrlock(argument, &end) == ETIMEDOUT);
	return NULL;
}

static void *give_up_reading(void *argument)
{
	struct timespec end = after_ms(100);
	arrive();
	SHOW(pthread_rwlock_timedrdlock(argument, &end) == ETIMEDOUT);
	return NULL;
}

static pthread_t start(void *(*function)(void *), void *argument)
{
	pthread_t thread;
	pthread_create(&thread, NULL, function, argument);
	return thread;
}

static void readers_together(pthread_rwlock_t *chosen)
{
	pthread_t threads[READERS];
	about_to_wait = inside = most_inside = 0;
	pthread_rwlock_wrlock(chosen);
	for (int i = 0; i < READERS; i++)
		threads[i] = start(read_together, chosen);
	until_waiting(READERS);
	SHOW(inside);
	pthread_rwlock_unlock(chosen);
	SHOW(are_done(READERS));
	SHOW(most_inside);
	for (int i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
}

/* A writer waits for a reader; readers behind it wait for it, as they may, and go on when it gives up. */
static void behind_a_writer_that_gives_up(void)
{
	pthread_t threads[3];
	about_to_wait = 0;
	pthread_rwlock_rdlock(&writers_first);
	threads[0] = start(give_up_writing, &writers_first);
	until_waiting(1);
	threads[1] = start(read_once, &writers_first);
	threads[2] = start(read_once, &writers_first);
	pthread_join(threads[0], NULL);
	SHOW(are_done(2)); /* while it is still held for reading */
	pthread_rwlock_unlock(&writers_first);
	for (int i = 1; i < 3; i++)
		pthread_join(threads[i], NULL);
}

/* Whether a reader is kept out, as soon as the writer waits, while another one reads. */
static void reads_before_a_writer(pthread_rwlock_t *chosen, int attempts)
{
	int error = 0;
	about_to_wait = 0;
	pthread_rwlock_rdlock(chosen);
	pthread_t writer = start(write_once, chosen);
	until_waiting(1);
	for (int i = 0; i < attempts && error == 0; i++) {
		error = pthread_rwlock_tryrdlock(chosen);
		if (error == 0)
			pthread_rwlock_unlock(chosen);
		usleep(1000);
	}
	SHOW(error == EBUSY);
	pthread_rwlock_unlock(chosen);
	SHOW(are_done(1));
	pthread_join(writer, NULL);
}

static void writers(pthread_rwlock_t *chosen)
{
	pthread_t threads[3];
	about_to_wait = 0;
	pthread_rwlock_rdlock(chosen);
	pthread_rwlock_rdlock(chosen);
	threads[0] = start(write_once, chosen);
	threads[1] = start(give_up_writing, chosen);
	threads[2] = start(write_once, chosen);
	until_waiting(3);
	pthread_rwlock_unlock(chosen);
	pthread_join(threads[1], NULL);
	SHOW(sem_trywait(&done)); /* one reader is still in */
	pthread_rwlock_unlock(chosen);
	SHOW(are_done(2));
	pthread_join(threads[0], NULL);
	pthread_join(threads[2], NULL);
}

/* A reader that gives up takes nothing with it. */
static void beside_a_reader_that_gives_up(pthread_rwlock_t *chosen)
{
	pthread_t threads[4];
	about_to_wait = 0;
	pthread_rwlock_wrlock(chosen);
	threads[0] = start(give_up_reading, chosen);
	threads[1] = start(read_once, chosen);
	threads[2] = start(write_once, chosen);
	threads[3] = start(read_once, chosen);
	until_waiting(4);
	pthread_join(threads[0], NULL);
	pthread_rwlock_unlock(chosen);
	SHOW(are_done(3));
	SHOW(pthread_rwlock_trywrlock(chosen));
	SHOW(pthread_rwlock_unlock(chosen));
	for (int i = 1; i < 4; i++)
		pthread_join(threads[i], NULL);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	sem_init(&done, 0, 0);
	pthread_rwlock_t *const both[] = { &lock, &writers_first };
	for (int i = 0; i < 2; i++) {
		printf("%s first:\n", i ? "writers" : "readers");
		readers_together(both[i]);
		reads_before_a_writer(both[i], i ? 10000 : 10);
		writers(both[i]);
		beside_a_reader_that_gives_up(both[i]);
	}
	behind_a_writer_that_gives_up();
	return 0;
}
