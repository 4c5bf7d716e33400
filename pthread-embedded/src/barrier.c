/* Barriers: round and number of threads that have arrived are one word, so that arriving is one atomic operation. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>

#include "hermit_libc.h"

/* The upper half is the futex: little-endian. */
static uint32_t *round_of(pthread_barrier_t *barrier)
{
	return (uint32_t *) &barrier->__data.__round_and_arrived + 1;
}

int pthread_barrier_init(pthread_barrier_t *restrict barrier, const pthread_barrierattr_t *restrict attributes,
                         unsigned count)
{
	(void) attributes;
	if (count == 0 || count > INT_MAX)
		return EINVAL;
	*barrier = (pthread_barrier_t){.__data = {.__count = count}};
	return 0;
}

/* Threads of the last round may still be on their way out: POSIX lets the one that came last destroy it at once. */
int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	if ((uint32_t) __atomic_load_n(&barrier->__data.__round_and_arrived, __ATOMIC_ACQUIRE) != 0)
		return EBUSY;
	uint32_t inside;
	while ((inside = __atomic_load_n(&barrier->__data.__inside, __ATOMIC_ACQUIRE)) != 0)
		sys_futex_wait(&barrier->__data.__inside, inside, NULL, 0);
	return 0;
}

static void leave(pthread_barrier_t *barrier)
{
	uint32_t *inside = &barrier->__data.__inside;
	if (__atomic_sub_fetch(inside, 1, __ATOMIC_ACQ_REL) == 0)
		sys_futex_wake(inside, 1); /* whoever destroys it */
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	unsigned long *word = &barrier->__data.__round_and_arrived;
	__atomic_add_fetch(&barrier->__data.__inside, 1, __ATOMIC_ACQ_REL);
	unsigned long seen = __atomic_load_n(word, __ATOMIC_RELAXED);
	unsigned long next;
	int last;
	do {
		last = (uint32_t) seen + 1 == barrier->__data.__count;
		next = last ? ((seen >> 32) + 1) << 32 : seen + 1;
	} while (!__atomic_compare_exchange_n(word, &seen, next, 1, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
	uint32_t round = (uint32_t) (seen >> 32);
	if (last)
		sys_futex_wake(round_of(barrier), INT_MAX);
	else
		while (__atomic_load_n(round_of(barrier), __ATOMIC_ACQUIRE) == round)
			sys_futex_wait(round_of(barrier), round, NULL, 0);
	leave(barrier);
	return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int pthread_barrierattr_init(pthread_barrierattr_t *attributes)
{
	attributes->__align = PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *attributes)
{
	(void) attributes;
	return 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *attributes, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	attributes->__align = shared;
	return 0;
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *restrict attributes, int *restrict shared)
{
	*shared = attributes->__align;
	return 0;
}
