/* Condition variables: a sequence number that every signal changes and waiters sleep on. */
#include <errno.h>
#include <pthread.h>

#include "hermit_libc.h"
#include "thread.h"

enum { CLOCK = 1, SHARED = 4 }; /* pthread_condattr_t: the clock in the lowest bit */

/* __waiters: how many threads use the variable, times WAITER; and whether somebody waits for them to leave. */
enum { DESTROYED = 1, WAITER = 2 };

struct waiter {
	pthread_cond_t *cond;
	pthread_mutex_t *mutex;
	int locked; /* what locking the mutex again returned */
};

/* The last that a waiter does to the variable, which may be gone right after that: only its address is named. */
static void leave(pthread_cond_t *cond)
{
	unsigned *waiters = &cond->__data.__waiters;
	if (__atomic_sub_fetch(waiters, WAITER, __ATOMIC_ACQ_REL) == DESTROYED)
		sys_futex_wake(waiters, 1);
}

/* After the sleep, also when it is the thread's last: its cleanup handlers find the mutex locked. */
static void wake_up(void *argument)
{
	struct waiter *waiter = argument;
	leave(waiter->cond);
	waiter->locked = pthread_mutex_lock(waiter->mutex);
}

/* Returns 0, or ETIMEDOUT, EINVAL, EPERM. The deadline is absolute. */
static int sleep_on(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *deadline)
{
	struct waiter waiter = {cond, mutex, 0};
	pthread_testcancel();
	unsigned seen = __atomic_load_n(&cond->__data.__sequence, __ATOMIC_RELAXED);
	__atomic_add_fetch(&cond->__data.__waiters, WAITER, __ATOMIC_SEQ_CST);
	int result = pthread_mutex_unlock(mutex);
	if (result != 0) {
		leave(cond);
		return result;
	}
	pthread_cleanup_push(wake_up, &waiter);
	result = __hermit_wait_cancellable(&cond->__data.__sequence, seen, clock, deadline);
	pthread_cleanup_pop(1);
	if (waiter.locked != 0)
		return waiter.locked;
	/* EAGAIN: a signal came before the sleep. EINTR: awake for no reason, which POSIX permits. */
	return result == ETIMEDOUT || result == EINVAL ? result : 0;
}

int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex)
{
	return sleep_on(cond, mutex, CLOCK_REALTIME, NULL);
}

int pthread_cond_clockwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex, clockid_t clock,
                           const struct timespec *restrict deadline)
{
	return __hermit_is_deadline(clock, deadline) ? sleep_on(cond, mutex, clock, deadline) : EINVAL;
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict deadline)
{
	return pthread_cond_clockwait(cond, mutex, cond->__data.__clock, deadline);
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
		cond->__data.__clock = attributes->__align & CLOCK;
	return 0;
}

/* Threads that have been woken may still be on their way out: POSIX lets whoever woke them destroy the variable at once. Those
 * that nobody has woken must not be there, and are waited for as in glibc. */
int pthread_cond_destroy(pthread_cond_t *cond)
{
	unsigned *waiters = &cond->__data.__waiters;
	unsigned seen = __atomic_or_fetch(waiters, DESTROYED, __ATOMIC_ACQ_REL);
	while (seen != DESTROYED) {
		sys_futex_wait(waiters, seen, NULL, 0);
		seen = __atomic_load_n(waiters, __ATOMIC_ACQUIRE);
	}
	return 0;
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
	attributes->__align = (attributes->__align & ~CLOCK) | clock;
	return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attributes, clockid_t *restrict clock)
{
	*clock = attributes->__align & CLOCK;
	return 0;
}

/* There is one process: all memory is shared with all there is. */
int pthread_condattr_setpshared(pthread_condattr_t *attributes, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	attributes->__align = (attributes->__align & ~SHARED) | (shared ? SHARED : 0);
	return 0;
}

int pthread_condattr_getpshared(const pthread_condattr_t *restrict attributes, int *restrict shared)
{
	*shared = attributes->__align & SHARED ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	return 0;
}
