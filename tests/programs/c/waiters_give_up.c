//# cpus: 1 2 4
//# cflags: -pthread
/* A wake-up that meets a waiter who gives up at that moment goes to the next one, and none is lost when nobody gives up: semaphores, mutexes, conditions. A signal of a condition wakes one, a broadcast all. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

enum { ROUNDS = 150, TOGETHER = 4 };

static sem_t semaphore, done;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_int about_to_wait;
static int tokens, awake;

static long long now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static struct timespec at(long long ns)
{
	return (struct timespec) { ns / 1000000000, ns % 1000000000 };
}

static long long impatient_until;

/* Whether the thread has said within 10 s that it is done: one that nobody wakes is told and not waited for. */
static int is_done(void)
{
	struct timespec end = at(now_ns() + 10000000000ll);
	while (sem_timedwait(&done, &end) != 0)
		if (errno == ETIMEDOUT)
			return 0;
	return 1;
}

static void *wait_patiently(void *argument)
{
	atomic_fetch_add(&about_to_wait, 1);
	while (sem_wait(&semaphore) != 0)
		;
	sem_post(&done);
	return argument;
}

/* Tells whether it got what it wanted. */
static void *wait_impatiently(void *argument)
{
	struct timespec end = at(impatient_until);
	(void)argument;
	atomic_fetch_add(&about_to_wait, 1);
	int result;
	do
		result = sem_timedwait(&semaphore, &end);
	while (result != 0 && errno == EINTR);
	return result == 0 ? &semaphore : NULL;
}

/* Two wait, one of whom gives up when just one is let through: whoever of them is left over, the other one goes on. */
static void semaphores(void)
{
	int lost = 0;
	for (int i = 0; i < ROUNDS && !lost; i++) {
		pthread_t first, second;
		void *got;
		about_to_wait = 0;
		impatient_until = now_ns() + 1000000;
		pthread_create(&first, NULL, wait_impatiently, NULL);
		pthread_create(&second, NULL, wait_patiently, NULL);
		while (about_to_wait < 2)
			sched_yield();
		while (now_ns() < impatient_until - 20000 + i * 1000 % 60000)
			;
		sem_post(&semaphore);
		pthread_join(first, &got);
		if (got != NULL)
			sem_post(&semaphore);
		lost += !is_done();
		if (!lost)
			pthread_join(second, NULL);
	}
	printf("semaphore: lost %d\n", lost);
}

static void *take(void *argument)
{
	struct timespec end = at(impatient_until);
	int result = 0;
	pthread_mutex_lock(&mutex);
	atomic_fetch_add(&about_to_wait, 1);
	while (tokens == 0 && result == 0)
		result = argument == NULL ? pthread_cond_wait(&changed, &mutex) : pthread_cond_timedwait(&changed, &mutex, &end);
	int got = tokens > 0;
	tokens -= got;
	pthread_mutex_unlock(&mutex);
	if (argument == NULL)
		sem_post(&done);
	return got ? &mutex : NULL;
}

static void give(void)
{
	pthread_mutex_lock(&mutex);
	tokens++;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
}

static void conditions(void)
{
	int lost = 0;
	for (int i = 0; i < ROUNDS && !lost; i++) {
		pthread_t first, second;
		void *got;
		about_to_wait = 0;
		impatient_until = now_ns() + 1000000;
		pthread_create(&first, NULL, take, &tokens);
		pthread_create(&second, NULL, take, NULL);
		while (about_to_wait < 2)
			sched_yield();
		while (now_ns() < impatient_until - 20000 + i * 1000 % 60000)
			;
		give();
		pthread_join(first, &got);
		if (got != NULL)
			give();
		lost += !is_done();
		if (!lost)
			pthread_join(second, NULL);
	}
	printf("condition: lost %d\n", lost);
}

static void *lock_patiently(void *argument)
{
	atomic_fetch_add(&about_to_wait, 1);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	sem_post(&done);
	return argument;
}

static void *lock_impatiently(void *argument)
{
	struct timespec end = at(impatient_until);
	atomic_fetch_add(&about_to_wait, 1);
	if (pthread_mutex_timedlock(&mutex, &end) == 0)
		pthread_mutex_unlock(&mutex);
	return argument;
}

static void mutexes(void)
{
	int lost = 0;
	for (int i = 0; i < ROUNDS && !lost; i++) {
		pthread_t first, second;
		about_to_wait = 0;
		pthread_mutex_lock(&mutex);
		impatient_until = now_ns() + 1000000;
		pthread_create(&first, NULL, lock_impatiently, NULL);
		pthread_create(&second, NULL, lock_patiently, NULL);
		while (about_to_wait < 2)
			sched_yield();
		while (now_ns() < impatient_until - 20000 + i * 1000 % 60000)
			;
		pthread_mutex_unlock(&mutex);
		pthread_join(first, NULL);
		lost += !is_done();
		if (!lost)
			pthread_join(second, NULL);
	}
	printf("mutex: lost %d\n", lost);
}

static void *wait_once(void *argument)
{
	pthread_mutex_lock(&mutex);
	atomic_fetch_add(&about_to_wait, 1);
	pthread_cond_wait(&changed, &mutex);
	awake++;
	pthread_mutex_unlock(&mutex);
	sem_post(&done);
	return argument;
}

/* At most as many as there are signals, and that many sooner or later. */
static void one_and_all(void)
{
	pthread_t threads[TOGETHER];
	about_to_wait = 0;
	for (int i = 0; i < TOGETHER; i++)
		pthread_create(&threads[i], NULL, wait_once, NULL);
	while (about_to_wait < TOGETHER)
		usleep(500);
	pthread_mutex_lock(&mutex); /* now all of them wait */
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	SHOW(is_done());
	usleep(10000);
	pthread_mutex_lock(&mutex);
	SHOW(awake);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	for (int i = 1; i < TOGETHER; i++)
		SHOW(is_done());
	for (int i = 0; i < TOGETHER; i++)
		pthread_join(threads[i], NULL);
	SHOW(awake);
}

static void *lock_often(void *argument)
{
	long *counter = argument;
	for (int i = 0; i < 30000; i++) {
		pthread_mutex_lock(&mutex);
		++*counter;
		pthread_mutex_unlock(&mutex);
	}
	sem_post(&done);
	return NULL;
}

/* Two threads and a mutex: the word may change just before one sleeps on it. */
static void nobody_gives_up(void)
{
	long counter = 0;
	pthread_t threads[2];
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 2; i++)
			pthread_create(&threads[i], NULL, lock_often, &counter);
		for (int i = 0; i < 2; i++)
			if (!is_done()) {
				puts("a wake-up was lost");
				exit(1);
			}
		for (int i = 0; i < 2; i++)
			pthread_join(threads[i], NULL);
	}
	SHOW(counter);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	sem_init(&semaphore, 0, 0);
	sem_init(&done, 0, 0);
	nobody_gives_up();
	semaphores();
	mutexes();
	conditions();
	one_and_all();
	return 0;
}
