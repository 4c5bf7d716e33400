/* pthread_once: 0 not yet, 1 running, 2 done, 3 running and somebody waits. Compiled with -fexceptions, for a routine of
 * C++ (std::call_once) that throws. */
#include <pthread.h>

#include "hermit_libc.h"
#include "thread.h"

static void finish(uint32_t *state, uint32_t outcome)
{
	if (__atomic_exchange_n(state, outcome, __ATOMIC_RELEASE) == 3)
		sys_futex_wake(state, 0x7fffffff);
}

/* The routine was cancelled or has thrown: it is as if it had never been called. */
static void forget(void *state)
{
	finish(state, 0);
}

/* Still in the list: an exception passes, or a thread is unwound. */
static void leave(struct __hermit_cleanup *cleanup)
{
	if (__hermit_self->cleanup == cleanup)
		__hermit_cleanup_pop(cleanup, 1);
}

/* The list alone would not see exceptions, the attribute alone not the end of a thread whose stack cannot be unwound. */
static void call(void (*routine)(void), uint32_t *state)
{
	struct __hermit_cleanup cleanup __attribute__((__cleanup__(leave)));
	__hermit_cleanup_push(&cleanup, forget, state);
	routine();
	__hermit_cleanup_pop(&cleanup, 0);
	finish(state, 2);
}

int pthread_once(pthread_once_t *once, void (*routine)(void))
{
	uint32_t *state = (uint32_t *) once;
	for (;;) {
		uint32_t seen = __atomic_load_n(state, __ATOMIC_ACQUIRE);
		if (seen == 2)
			return 0;
		if (seen == 0) {
			if (!__atomic_compare_exchange_n(state, &seen, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				continue;
			call(routine, state);
			return 0;
		}
		if (seen == 1 && !__atomic_compare_exchange_n(state, &seen, 3, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			continue;
		sys_futex_wait(state, 3, NULL, 0);
	}
}
