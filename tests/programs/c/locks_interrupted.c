//# cpus: 1 2 4
//# cflags: -pthread
/* A handler runs while its thread waits for another one, and the wait goes on: barriers, mutexes, read-write locks, joins and
 * conditions never end for that, whatever SA_RESTART says. Semaphores, sleeps, poll and waits for signals do. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

static pthread_barrier_t barrier;
static pthread_mutex_t mutex, of_condition = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t semaphore, gate;
static pthread_t sleeper;
static volatile int ready;
static atomic_int started, ended, called;

static void handle(int signal)
{
	(void)signal;
	atomic_fetch_add(&called, 1);
}

static struct timespec in_20_s(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	time.tv_sec += 20;
	return time;
}

static void *sleep_at_gate(void *argument)
{
	while (sem_wait(&gate) != 0)
		;
	return argument;
}

static long at_barrier(void) { return pthread_barrier_wait(&barrier) > 0 ? EINVAL : 0; }
static long at_mutex(void) { return pthread_mutex_lock(&mutex); }
static long at_timed_mutex(void) { struct timespec end = in_20_s(CLOCK_REALTIME); return pthread_mutex_timedlock(&mutex, &end); }
static long at_reader(void) { return pthread_rwlock_rdlock(&lock); }
static long at_writer(void) { return pthread_rwlock_wrlock(&lock); }
static long at_timed_reader(void) { struct timespec end = in_20_s(CLOCK_REALTIME); return pthread_rwlock_timedrdlock(&lock, &end); }
static long at_timed_writer(void) { struct timespec end = in_20_s(CLOCK_REALTIME); return pthread_rwlock_timedwrlock(&lock, &end); }
static long at_join(void) { return pthread_join(sleeper, NULL); }

/* It may be awake for no reason, and then returns 0; never EINTR. */
static long at_condition(void)
{
	int result = 0;
	pthread_mutex_lock(&of_condition);
	while (!ready && result == 0)
		result = pthread_cond_wait(&changed, &of_condition);
	pthread_mutex_unlock(&of_condition);
	return result;
}

static long at_timed_condition(void)
{
	struct timespec end = in_20_s(CLOCK_REALTIME);
	int result = 0;
	pthread_mutex_lock(&of_condition);
	while (!ready && result == 0)
		result = pthread_cond_timedwait(&changed, &of_condition, &end);
	pthread_mutex_unlock(&of_condition);
	return result;
}

static long ends_of(int result) { return result < 0 ? errno : 0; }
static long at_semaphore(void) { return ends_of(sem_wait(&semaphore)); }
static long at_timed_semaphore(void) { struct timespec end = in_20_s(CLOCK_REALTIME); return ends_of(sem_timedwait(&semaphore, &end)); }
static long at_sleep(void) { return ends_of(nanosleep(&(struct timespec) { 20, 0 }, NULL)); }
static long at_clock(void) { struct timespec end = in_20_s(CLOCK_MONOTONIC); return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL); }
static long at_poll(void) { return ends_of(poll(NULL, 0, 20000)); }
static long at_pause(void) { return ends_of(pause()); }

static long at_signal(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	return ends_of(sigwaitinfo(&set, NULL));
}

static void free_all(void)
{
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_unlock(&lock);
	pthread_mutex_lock(&of_condition);
	ready = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&of_condition);
	sem_post(&gate);
}

static void *run(void *wait)
{
	atomic_store(&started, 1);
	long result = ((long (*)(void))wait)();
	atomic_store(&ended, 1);
	return (void *)result;
}

/* Holds everything, lets a thread wait for it, and sends it signals. */
static void show(const char *name, long (*wait)(void), int flags, int most_signals)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = flags };
	pthread_t thread;
	void *result;
	sigemptyset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	started = ended = called = ready = 0;
	pthread_mutex_init(&mutex, NULL);
	pthread_mutex_lock(&mutex);
	pthread_rwlock_wrlock(&lock);
	pthread_create(&sleeper, NULL, sleep_at_gate, NULL);
	pthread_create(&thread, NULL, run, (void *)wait);
	while (!started)
		usleep(500);
	/* Some, so that one comes while it waits. */
	for (int sent = 0; sent < most_signals && !ended; sent++) {
		usleep(4000);
		pthread_kill(thread, SIGUSR1);
		while (called <= sent && !ended)
			usleep(500);
	}
	usleep(2000);
	printf("%s, %s: %s", name, flags ? "SA_RESTART" : "plain", ended ? "ended" : "waits on");
	if (!ended && wait == at_barrier)
		pthread_barrier_wait(&barrier);
	free_all();
	if (wait != at_join)
		pthread_join(sleeper, NULL);
	else
		sem_post(&gate);
	sem_post(&gate);
	pthread_join(thread, &result);
	printf(", %s\n", (long)result == 0 ? "0" : (long)result == EINTR ? "EINTR" : strerror((int)(long)result));
	while (sem_trywait(&gate) == 0)
		;
	pthread_rwlock_init(&lock, NULL);
}

int main(void)
{
	static const struct {
		const char *name;
		long (*wait)(void);
	} goes_on[] = {
		{ "barrier", at_barrier }, { "mutex", at_mutex }, { "mutex, timed", at_timed_mutex }, { "reader", at_reader },
		{ "writer", at_writer }, { "reader, timed", at_timed_reader }, { "writer, timed", at_timed_writer }, { "join", at_join },
		{ "condition", at_condition }, { "condition, timed", at_timed_condition },
	}, ends[] = {
		{ "semaphore", at_semaphore }, { "semaphore, timed", at_timed_semaphore }, { "sleep", at_sleep }, { "clock", at_clock },
		{ "poll", at_poll }, { "pause", at_pause }, { "signal", at_signal },
	};
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs is told by what is missing */
	sem_init(&semaphore, 0, 0);
	sem_init(&gate, 0, 0);
	pthread_barrier_init(&barrier, NULL, 2);
	for (unsigned i = 0; i < sizeof goes_on / sizeof *goes_on; i++) {
		show(goes_on[i].name, goes_on[i].wait, 0, 4);
		show(goes_on[i].name, goes_on[i].wait, SA_RESTART, 4);
	}
	for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++)
		show(ends[i].name, ends[i].wait, 0, 1000);
	return 0;
}
