/* Semaphores: the value is a futex; a post enters the kernel only if somebody may sleep. Value and number of waiters are
 * one word, since a semaphore may be destroyed as soon as the last post has changed the value. */
#include <errno.h>
#include <limits.h>
#include <semaphore.h>

#include "hermit_libc.h"
#include "thread.h"

static const unsigned long one_waiter = 1UL << 32;

static uint32_t *futex(sem_t *semaphore)
{
	return (uint32_t *) &semaphore->__waiters_and_value; /* the lower half: little-endian */
}

static int failed(int error)
{
	errno = error;
	return -1;
}

int sem_init(sem_t *semaphore, int shared, unsigned value)
{
	(void) shared; /* there is one process */
	if (value > SEM_VALUE_MAX)
		return failed(EINVAL);
	*semaphore = (sem_t){.__waiters_and_value = value};
	return 0;
}

int sem_destroy(sem_t *semaphore)
{
	return __atomic_load_n(&semaphore->__waiters_and_value, __ATOMIC_RELAXED) >= one_waiter ? failed(EBUSY) : 0;
}

/* Takes one if there is one. */
static int take(sem_t *semaphore)
{
	unsigned long *word = &semaphore->__waiters_and_value;
	unsigned long seen = __atomic_load_n(word, __ATOMIC_RELAXED);
	while ((uint32_t) seen > 0)
		if (__atomic_compare_exchange_n(word, &seen, seen - 1, 1, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return 1;
	return 0;
}

static void leave(void *semaphore)
{
	__atomic_sub_fetch(&((sem_t *) semaphore)->__waiters_and_value, one_waiter, __ATOMIC_SEQ_CST);
}

/* Returns 0 or an error number; EINTR after a signal's handler. */
static int wait_for(sem_t *semaphore, clockid_t clock, const struct timespec *deadline)
{
	int result = 0;
	pthread_testcancel();
	if (take(semaphore))
		return 0;
	__atomic_add_fetch(&semaphore->__waiters_and_value, one_waiter, __ATOMIC_SEQ_CST);
	pthread_cleanup_push(leave, semaphore);
	while (!take(semaphore)) {
		result = __hermit_wait_cancellable(futex(semaphore), 0, clock, deadline);
		if (result != 0 && result != EAGAIN)
			break;
		result = 0;
	}
	pthread_cleanup_pop(1);
	return result;
}

int sem_wait(sem_t *semaphore)
{
	int error = wait_for(semaphore, CLOCK_REALTIME, NULL);
	return error != 0 ? failed(error) : 0;
}

int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict deadline)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return failed(EINVAL);
	int error = wait_for(semaphore, clock, deadline);
	return error != 0 ? failed(error) : 0;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline)
{
	return sem_clockwait(semaphore, CLOCK_REALTIME, deadline);
}

int sem_trywait(sem_t *semaphore)
{
	return take(semaphore) ? 0 : failed(EAGAIN);
}

/* Safe in handlers of signals. */
int sem_post(sem_t *semaphore)
{
	unsigned long *word = &semaphore->__waiters_and_value;
	unsigned long seen = __atomic_load_n(word, __ATOMIC_RELAXED);
	do
		if ((uint32_t) seen == SEM_VALUE_MAX)
			return failed(EOVERFLOW);
	while (!__atomic_compare_exchange_n(word, &seen, seen + 1, 1, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
	if (seen >= one_waiter)
		sys_futex_wake(futex(semaphore), 1);
	return 0;
}

int sem_getvalue(sem_t *restrict semaphore, int *restrict value)
{
	*value = (int) (uint32_t) __atomic_load_n(&semaphore->__waiters_and_value, __ATOMIC_RELAXED);
	return 0;
}
