/* Mutexes: the three-state futex mutex (see newlib-port/sys/hermit/lock.c) with POSIX's kinds on top. */
#include <errno.h>
#include <pthread.h>

#include "hermit_libc.h"
#include "thread.h"

enum { KIND = 3 }; /* of pthread_mutexattr_t: mutexattr.c */

/* The kernel's ids start at 1, so that 0 means nobody. */
static int self(void)
{
	return __hermit_self->tid;
}

static inline int try_word(unsigned int *word)
{
	unsigned int expected = 0;
	if (!__hermit_threaded) {
		int is_free = *word == 0;
		if (is_free)
			*word = 1;
		return is_free;
	}
	return __atomic_compare_exchange_n(word, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Takes the word, or returns ETIMEDOUT or EINVAL. */
static int lock_word(unsigned int *word, clockid_t clock, const struct timespec *deadline)
{
	if (try_word(word))
		return 0;
	while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0) {
		int result = __hermit_wait(word, 2, clock, deadline);
		if (result == ETIMEDOUT || result == EINVAL)
			return result;
	}
	return 0;
}

/* What the kind says about a mutex that this thread may already hold: -1 go on and lock it. */
static int held_already(pthread_mutex_t *mutex, int trying)
{
	if (__atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED) != self())
		return -1;
	if (mutex->__data.__kind == PTHREAD_MUTEX_RECURSIVE) {
		if (mutex->__data.__depth == ~0u)
			return EAGAIN;
		++mutex->__data.__depth;
		return 0;
	}
	return trying ? EBUSY : EDEADLK;
}

static int lock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *deadline)
{
	int plain = mutex->__data.__kind == PTHREAD_MUTEX_NORMAL;
	int result = plain ? -1 : held_already(mutex, 0);
	if (result >= 0)
		return result;
	result = lock_word(&mutex->__data.__word, clock, deadline);
	if (result == 0 && !plain)
		__atomic_store_n(&mutex->__data.__owner, self(), __ATOMIC_RELAXED);
	return result;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	if (__builtin_expect(mutex->__data.__kind == PTHREAD_MUTEX_NORMAL && try_word(&mutex->__data.__word), 1))
		return 0;
	return lock(mutex, CLOCK_REALTIME, NULL);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline)
{
	return lock(mutex, CLOCK_REALTIME, deadline);
}

int pthread_mutex_clocklock(pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict deadline)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC ? lock(mutex, clock, deadline) : EINVAL;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	int plain = mutex->__data.__kind == PTHREAD_MUTEX_NORMAL;
	int result = plain ? -1 : held_already(mutex, 1);
	if (result >= 0)
		return result;
	if (!try_word(&mutex->__data.__word))
		return EBUSY;
	if (!plain)
		__atomic_store_n(&mutex->__data.__owner, self(), __ATOMIC_RELAXED);
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	if (mutex->__data.__kind != PTHREAD_MUTEX_NORMAL) {
		if (__atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED) != self())
			return EPERM;
		if (mutex->__data.__depth > 0) {
			--mutex->__data.__depth;
			return 0;
		}
		__atomic_store_n(&mutex->__data.__owner, 0, __ATOMIC_RELAXED);
	}
	if (!__hermit_threaded)
		mutex->__data.__word = 0; /* nobody waits */
	else if (__atomic_exchange_n(&mutex->__data.__word, 0, __ATOMIC_RELEASE) == 2)
		sys_futex_wake(&mutex->__data.__word, 1);
	return 0;
}

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attributes)
{
	*mutex = (pthread_mutex_t) PTHREAD_MUTEX_INITIALIZER;
	if (attributes != NULL)
		mutex->__data.__kind = attributes->__align & KIND;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return __atomic_load_n(&mutex->__data.__word, __ATOMIC_RELAXED) != 0 ? EBUSY : 0;
}

/* There are no robust mutexes and no ceilings, so nothing is ever inconsistent, and no mutex has one. */
int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	(void) mutex;
	return EINVAL;
}

int pthread_mutex_getprioceiling(const pthread_mutex_t *restrict mutex, int *restrict ceiling)
{
	(void) mutex;
	(void) ceiling;
	return EINVAL;
}

int pthread_mutex_setprioceiling(pthread_mutex_t *restrict mutex, int ceiling, int *restrict old)
{
	(void) mutex;
	(void) ceiling;
	(void) old;
	return EINVAL;
}
