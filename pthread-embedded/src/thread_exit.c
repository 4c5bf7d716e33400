/* The end of a thread: destructors of thread_local objects (C++), then of keys, then newlib's own state. */
#include <reent.h>
#include <stdlib.h>

#include "hermit_libc.h"
#include "thread.h"

struct destructor {
	struct destructor *next;
	void (*function)(void *);
	void *object;
};

static __thread struct destructor *destructors;

extern void __hermit_run_key_destructors(void) __attribute__((weak));

/* Also what exit() does first, before the destructors of static objects. */
void __hermit_run_tls_destructors(void)
{
	while (destructors != NULL) {
		struct destructor *last = destructors;
		destructors = last->next;
		last->function(last->object);
		free(last);
	}
}

/* libstdc++ registers the destructors of thread_local objects here, glibc's name for it. */
int __cxa_thread_atexit_impl(void (*function)(void *), void *object, void *image)
{
	struct destructor *new = malloc(sizeof(*new));
	(void) image;
	if (new == NULL)
		return -1;
	*new = (struct destructor){destructors, function, object};
	destructors = new;
	return 0;
}

void __hermit_thread_cleanup(void)
{
	__hermit_run_tls_destructors();
	if (__hermit_run_key_destructors != NULL)
		__hermit_run_key_destructors();
	if (__hermit_reent != _GLOBAL_REENT)
		_reclaim_reent(__hermit_reent);
}
