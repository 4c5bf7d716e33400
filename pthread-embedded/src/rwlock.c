/* Read-write locks: one futex word. Readers go first, as by default in glibc, so that a reader may lock again; with
 * PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP nobody begins to read while a writer waits. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>

#include "hermit_libc.h"
#include "thread.h"

/* The word: number of readers, or WRITER; SLEEPERS is set while somebody may sleep on it. */
#define WRITER   0x7fffffffu
#define SLEEPERS 0x80000000u

static int may_read(const pthread_rwlock_t *lock, uint32_t holders)
{
	if (holders == WRITER)
		return 0;
	return lock->__data.__kind != PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP ||
	       __atomic_load_n(&lock->__data.__writers_waiting, __ATOMIC_SEQ_CST) == 0;
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	uint32_t *word = &lock->__data.__word;
	uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
	do {
		if (!may_read(lock, seen & ~SLEEPERS))
			return EBUSY;
		if ((seen & ~SLEEPERS) == WRITER - 1)
			return EAGAIN;
	} while (!__atomic_compare_exchange_n(word, &seen, seen + 1, 1, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	return 0;
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	uint32_t *word = &lock->__data.__word;
	uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED) & SLEEPERS;
	/* With nobody in it, whether somebody sleeps is all that the word says. */
	while (!__atomic_compare_exchange_n(word, &seen, seen | WRITER, 1, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		if ((seen & ~SLEEPERS) != 0)
			return EBUSY;
	__atomic_store_n(&lock->__data.__owner, __hermit_self->tid, __ATOMIC_RELAXED);
	return 0;
}

/* Sleeps until the word changes, unless `seen` does not keep us out. */
static int sleep_on(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline)
{
	uint32_t *word = &lock->__data.__word;
	uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
	if ((seen & ~SLEEPERS) == 0) {
		sys_yield(); /* to the writer who goes first, if that is why */
		return 0;
	}
	if (!(seen & SLEEPERS) &&
	    !__atomic_compare_exchange_n(word, &seen, seen | SLEEPERS, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return 0;
	int result = __hermit_wait(word, seen | SLEEPERS, clock, deadline);
	return result == ETIMEDOUT || result == EINVAL ? result : 0;
}

static int lock_with(pthread_rwlock_t *lock, int (*try)(pthread_rwlock_t *), clockid_t clock,
                     const struct timespec *deadline)
{
	int result = try(lock);
	if (result != EBUSY)
		return result;
	if (__atomic_load_n(&lock->__data.__owner, __ATOMIC_RELAXED) == __hermit_self->tid)
		return EDEADLK;
	int writes = try == pthread_rwlock_trywrlock;
	if (writes)
		__atomic_add_fetch(&lock->__data.__writers_waiting, 1, __ATOMIC_SEQ_CST);
	while ((result = try(lock)) == EBUSY) {
		result = sleep_on(lock, clock, deadline);
		if (result != 0)
			break;
	}
	if (writes && __atomic_sub_fetch(&lock->__data.__writers_waiting, 1, __ATOMIC_SEQ_CST) == 0 && result != 0)
		sys_futex_wake(&lock->__data.__word, INT_MAX); /* readers who let this writer go first */
	return result;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return lock_with(lock, pthread_rwlock_tryrdlock, CLOCK_REALTIME, NULL);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return lock_with(lock, pthread_rwlock_trywrlock, CLOCK_REALTIME, NULL);
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict lock, clockid_t clock, const struct timespec *restrict deadline)
{
	return __hermit_is_deadline(clock, deadline) ? lock_with(lock, pthread_rwlock_tryrdlock, clock, deadline) : EINVAL;
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict lock, clockid_t clock, const struct timespec *restrict deadline)
{
	return __hermit_is_deadline(clock, deadline) ? lock_with(lock, pthread_rwlock_trywrlock, clock, deadline) : EINVAL;
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict deadline)
{
	return pthread_rwlock_clockrdlock(lock, CLOCK_REALTIME, deadline);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict deadline)
{
	return pthread_rwlock_clockwrlock(lock, CLOCK_REALTIME, deadline);
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	uint32_t *word = &lock->__data.__word;
	uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED), next;
	if ((seen & ~SLEEPERS) == 0)
		return EINVAL; /* nobody holds it, or it was destroyed */
	if ((seen & ~SLEEPERS) == WRITER)
		__atomic_store_n(&lock->__data.__owner, 0, __ATOMIC_RELAXED);
	do {
		uint32_t holders = seen & ~SLEEPERS;
		next = holders == WRITER || holders == 1 ? 0 : seen - 1;
	} while (!__atomic_compare_exchange_n(word, &seen, next, 1, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
	if (next == 0 && seen & SLEEPERS)
		sys_futex_wake(word, INT_MAX); /* they sort out among themselves who is next */
	return 0;
}

int pthread_rwlock_init(pthread_rwlock_t *restrict lock, const pthread_rwlockattr_t *restrict attributes)
{
	*lock = (pthread_rwlock_t) PTHREAD_RWLOCK_INITIALIZER;
	if (attributes != NULL)
		lock->__data.__kind = (int) attributes->__align & 3;
	return 0;
}

/* Also while it is held, as in glibc: a thread may have ended with it. */
int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	(void) lock;
	return 0;
}
