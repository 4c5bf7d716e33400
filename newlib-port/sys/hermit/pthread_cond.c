/* Condition variables: a sequence number that every signal changes and waiters sleep on. */
#include <errno.h>
#include <pthread.h>

#include "hermit_libc.h"

/* Returns 0, or ETIMEDOUT. The deadline is absolute on the condition's clock. */
static int sleep_on(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *deadline)
{
	unsigned seen = __atomic_load_n(&cond->__data.__sequence, __ATOMIC_RELAXED);
	uint32_t flags = deadline == NULL ? 0 : cond->__data.__clock == CLOCK_MONOTONIC ? 1 : 3;
	__atomic_add_fetch(&cond->__data.__waiters, 1, __ATOMIC_SEQ_CST);
	int result = pthread_mutex_unlock(mutex);
	if (result == 0)
		result = -sys_futex_wait(&cond->__data.__sequence, seen, deadline, flags);
	__atomic_sub_fetch(&cond->__data.__waiters, 1, __ATOMIC_RELAXED);
	int locked = pthread_mutex_lock(mutex);
	if (locked != 0)
		return locked;
	/* EAGAIN: a signal came before the sleep. EINTR: awake for no reason, which POSIX permits. */
	return result == ETIMEDOUT || result == EINVAL || result == EPERM ? result : 0;
}

int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex)
{
	return sleep_on(cond, mutex, NULL);
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict deadline)
{
	if (deadline->tv_nsec < 0 || deadline->tv_nsec >= 1000000000)
		return EINVAL;
	return sleep_on(cond, mutex, deadline);
}

static int wake(pthread_cond_t *cond, int count)
{
	if (__atomic_load_n(&cond->__data.__waiters, __ATOMIC_SEQ_CST) == 0)
		return 0;
	__atomic_add_fetch(&cond->__data.__sequence, 1, __ATOMIC_SEQ_CST);
	sys_futex_wake(&cond->__data.__sequence, count);
	return 0;
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	return wake(cond, 1);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
	return wake(cond, 0x7fffffff);
}

int pthread_cond_init(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attributes)
{
	*cond = (pthread_cond_t) PTHREAD_COND_INITIALIZER;
	if (attributes != NULL)
		cond->__data.__clock = attributes->__align;
	return 0;
}

int pthread_cond_destroy(pthread_cond_t *cond)
{
	return __atomic_load_n(&cond->__data.__waiters, __ATOMIC_RELAXED) != 0 ? EBUSY : 0;
}

int pthread_condattr_init(pthread_condattr_t *attributes)
{
	attributes->__align = CLOCK_REALTIME;
	return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attributes)
{
	(void) attributes;
	return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attributes, clockid_t clock)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	attributes->__align = clock;
	return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attributes, clockid_t *restrict clock)
{
	*clock = attributes->__align;
	return 0;
}
