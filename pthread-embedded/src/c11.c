/* <threads.h>: C11's threads on POSIX's. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

#include "hermit_libc.h"

/* An error number of POSIX in C's words. */
static int to_thrd(int error)
{
	switch (error) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	case ENOMEM:
		return thrd_nomem;
	default:
		return thrd_error;
	}
}

struct start {
	thrd_start_t function;
	void *argument;
};

static void *begin(void *argument)
{
	struct start start = *(struct start *) argument;
	free(argument);
	return (void *) (intptr_t) start.function(start.argument);
}

int thrd_create(thrd_t *id, thrd_start_t function, void *argument)
{
	struct start *start = malloc(sizeof(*start));
	if (start == NULL)
		return thrd_nomem;
	*start = (struct start){function, argument};
	int error = pthread_create(id, NULL, begin, start);
	if (error != 0)
		free(start);
	return error == EAGAIN ? thrd_nomem : to_thrd(error);
}

int thrd_equal(thrd_t a, thrd_t b)
{
	return a == b;
}

thrd_t thrd_current(void)
{
	return pthread_self();
}

/* -1: a signal came; another negative number: an error. */
int thrd_sleep(const struct timespec *time, struct timespec *remaining)
{
	int error = clock_nanosleep(CLOCK_REALTIME, 0, time, remaining);
	return error == 0 ? 0 : error == EINTR ? -1 : -2;
}

void thrd_yield(void)
{
	sys_yield();
}

void thrd_exit(int result)
{
	pthread_exit((void *) (intptr_t) result);
}

int thrd_detach(thrd_t id)
{
	return to_thrd(pthread_detach(id));
}

int thrd_join(thrd_t id, int *result)
{
	void *value;
	int error = pthread_join(id, &value);
	if (error == 0 && result != NULL)
		*result = (int) (intptr_t) value;
	return to_thrd(error);
}

int mtx_init(mtx_t *mutex, int type)
{
	if (type & ~(mtx_recursive | mtx_timed))
		return thrd_error;
	*mutex = (mtx_t){.__data = {.__kind = type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL}};
	return thrd_success;
}

int mtx_lock(mtx_t *mutex)
{
	return to_thrd(pthread_mutex_lock(mutex));
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict deadline)
{
	return to_thrd(pthread_mutex_timedlock(mutex, deadline));
}

int mtx_trylock(mtx_t *mutex)
{
	return to_thrd(pthread_mutex_trylock(mutex));
}

int mtx_unlock(mtx_t *mutex)
{
	return to_thrd(pthread_mutex_unlock(mutex));
}

void mtx_destroy(mtx_t *mutex)
{
	pthread_mutex_destroy(mutex);
}

void call_once(once_flag *flag, void (*function)(void))
{
	pthread_once(&flag->__state, function);
}

int cnd_init(cnd_t *cond)
{
	return to_thrd(pthread_cond_init(cond, NULL));
}

int cnd_signal(cnd_t *cond)
{
	return to_thrd(pthread_cond_signal(cond));
}

int cnd_broadcast(cnd_t *cond)
{
	return to_thrd(pthread_cond_broadcast(cond));
}

int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	return to_thrd(pthread_cond_wait(cond, mutex));
}

int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex, const struct timespec *restrict deadline)
{
	return to_thrd(pthread_cond_timedwait(cond, mutex, deadline));
}

void cnd_destroy(cnd_t *cond)
{
	pthread_cond_destroy(cond);
}

int tss_create(tss_t *key, tss_dtor_t destructor)
{
	return to_thrd(pthread_key_create(key, destructor));
}

void *tss_get(tss_t key)
{
	return pthread_getspecific(key);
}

int tss_set(tss_t key, void *value)
{
	return to_thrd(pthread_setspecific(key, value));
}

void tss_delete(tss_t key)
{
	pthread_key_delete(key);
}
