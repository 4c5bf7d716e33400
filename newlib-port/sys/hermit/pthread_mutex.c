/* Mutexes: the three-state futex mutex (see lock.c) with POSIX's kinds on top. */
#include <errno.h>
#include <pthread.h>

#include "hermit_libc.h"

/* The kernel's ids start at 1, so that 0 means nobody. */
static int self(void)
{
	return sys_gettid();
}

static int try_word(unsigned int *word)
{
	unsigned int expected = 0;
	return __atomic_compare_exchange_n(word, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Takes the word, or returns ETIMEDOUT. */
static int lock_word(unsigned int *word, const struct timespec *deadline)
{
	if (try_word(word))
		return 0;
	while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0) {
		int result = sys_futex_wait(word, 2, deadline, deadline != NULL ? 3 : 0);
		if (result == -ETIMEDOUT || result == -EINVAL)
			return -result;
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

static int lock(pthread_mutex_t *mutex, const struct timespec *deadline)
{
	int plain = mutex->__data.__kind == PTHREAD_MUTEX_NORMAL;
	int result = plain ? -1 : held_already(mutex, 0);
	if (result >= 0)
		return result;
	result = lock_word(&mutex->__data.__word, deadline);
	if (result == 0 && !plain)
		__atomic_store_n(&mutex->__data.__owner, self(), __ATOMIC_RELAXED);
	return result;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	return lock(mutex, NULL);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline)
{
	return lock(mutex, deadline);
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
	if (__atomic_exchange_n(&mutex->__data.__word, 0, __ATOMIC_RELEASE) == 2)
		sys_futex_wake(&mutex->__data.__word, 1);
	return 0;
}

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attributes)
{
	*mutex = (pthread_mutex_t) PTHREAD_MUTEX_INITIALIZER;
	if (attributes != NULL)
		mutex->__data.__kind = attributes->__align;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return __atomic_load_n(&mutex->__data.__word, __ATOMIC_RELAXED) != 0 ? EBUSY : 0;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attributes)
{
	attributes->__align = PTHREAD_MUTEX_DEFAULT;
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attributes)
{
	(void) attributes;
	return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attributes, int kind)
{
	if (kind < PTHREAD_MUTEX_NORMAL || kind > PTHREAD_MUTEX_ERRORCHECK)
		return EINVAL;
	attributes->__align = kind;
	return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict attributes, int *restrict kind)
{
	*kind = attributes->__align;
	return 0;
}
