/* Cleanup handlers: a list whose elements lie in the frames of the functions that pushed them. */
#include <pthread.h>

#include "thread.h"

void __hermit_cleanup_push(struct __hermit_cleanup *cleanup, void (*routine)(void *), void *argument)
{
	struct thread *self = __hermit_self;
	*cleanup = (struct __hermit_cleanup){routine, argument, self->cleanup};
	/* A handler for signals may cancel the thread: the element is complete before it is in the list. */
	__atomic_store_n(&self->cleanup, cleanup, __ATOMIC_RELEASE);
}

void __hermit_cleanup_pop(struct __hermit_cleanup *cleanup, int execute)
{
	__atomic_store_n(&__hermit_self->cleanup, cleanup->__next, __ATOMIC_RELEASE);
	if (execute)
		cleanup->__routine(cleanup->__argument);
}
