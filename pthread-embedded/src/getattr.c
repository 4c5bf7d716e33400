/* pthread_getattr_np: what a thread was made with, and where its stack lies. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hermit_libc.h"
#include "thread.h"

enum { PAGE = 4096 };

/* crt0.c: in the main thread's first frame, so in the highest page of its stack. */
extern void *__libc_stack_end;

/* Of the kernel's stack of the main thread: kernel/src/boot.rs. */
static size_t main_stack_size(void)
{
	size_t part = ((size_t) sys_memory_total() / 8) & ~(PAGE - 1UL);
	return part < 8UL << 20 ? part : 8UL << 20;
}

int pthread_getattr_np(pthread_t id, pthread_attr_t *attributes)
{
	struct thread *thread = thread_of(id);
	int error = pthread_attr_init(attributes);
	if (error != 0)
		return error;
	struct attributes *told = (struct attributes *) attributes;
	*told = thread->attributes;
	told->magic = ATTRIBUTES_MAGIC;
	told->detached = __atomic_load_n(&thread->state, __ATOMIC_ACQUIRE) == THREAD_DETACHED;
	told->guard_size = told->stack != NULL ? 0 : PAGE;
	void *top = thread->stack_top;
	if (thread == &__hermit_main_thread) {
		told->stack_size = main_stack_size();
		top = (void *) (((uintptr_t) __libc_stack_end | (PAGE - 1)) + 1);
	}
	told->stack_size = (told->stack_size + PAGE - 1) & ~(PAGE - 1UL);
	if (told->stack == NULL && top != NULL)
		told->stack = (char *) top - told->stack_size;
	return pthread_attr_setaffinity_np(attributes, sizeof(thread->affinity), &thread->affinity);
}
