//# cpus: 1 2 4
//# cflags: -pthread
//# compare: none
//# stdout: semaphore: lost 0\ncondition: lost 0\n
/* A wake-up for a thread that is cancelled at the same moment goes to the next one that waits. No native build: glibc 2.36 loses that
 * of a semaphore. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 300 };

static sem_t semaphore, done;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_int about_to_wait;
static int tokens;

/* Whether the thread has said within 10 s that it is done: one that nobody wakes is told and not waited for. */
static int is_done(void)
{
	struct timespec end;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 10;
	return sem_timedwait(&done, &end) == 0;
}

static void *at_semaphore(void *is_patient)
{
	atomic_fetch_add(&about_to_wait, 1);
	sem_wait(&semaphore);
	if (is_patient)
		sem_post(&done);
	return NULL;
}

static void post(void)
{
	sem_post(&semaphore);
}

static void unlock(void *argument)
{
	pthread_mutex_unlock(argument);
}

static void *at_condition(void *is_patient)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	atomic_fetch_add(&about_to_wait, 1);
	while (tokens == 0)
		pthread_cond_wait(&changed, &mutex);
	tokens--;
	pthread_cleanup_pop(1);
	if (is_patient)
		sem_post(&done);
	return NULL;
}

static void give(void)
{
	pthread_mutex_lock(&mutex);
	tokens++;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
}

static void show(const char *name, void *(*wait)(void *), void (*wake)(void))
{
	int lost = 0;
	for (int i = 0; i < ROUNDS && !lost; i++) {
		pthread_t first, second;
		void *result;
		about_to_wait = 0;
		pthread_create(&first, NULL, wait, NULL);
		while (about_to_wait < 1)
			sched_yield();
		pthread_create(&second, NULL, wait, &lost);
		while (about_to_wait < 2)
			sched_yield();
		usleep(i % 3 * 100);
		if (i % 2)
			pthread_cancel(first);
		wake();
		pthread_cancel(first);
		pthread_join(first, &result);
		if (result != PTHREAD_CANCELED) /* it was quicker */
			wake();
		lost += !is_done();
		if (!lost)
			pthread_join(second, NULL);
	}
	printf("%s: lost %d\n", name, lost);
	fflush(stdout);
}

int main(void)
{
	sem_init(&semaphore, 0, 0);
	sem_init(&done, 0, 0);
	show("semaphore", at_semaphore, post);
	show("condition", at_condition, give);
	return 0;
}
