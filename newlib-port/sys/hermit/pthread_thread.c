/* Threads: create, join, detach, exit, on the kernel's sys_spawn2. pthread_t is the address of a struct thread. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hermit_libc.h"
#include "thread.h"

enum { JOINABLE, DETACHED, ENDED };

/* What pthread_attr_t holds; its size is glibc's. */
struct attributes {
	size_t stack_size; /* 0: the default */
	int detached;
};
_Static_assert(sizeof(struct attributes) <= sizeof(pthread_attr_t), "glibc's pthread_attr_t is too small");

static struct thread main_thread = {.tid = 1}; /* the kernel's id of it */
__thread struct thread *__hermit_self = &main_thread;

/* malloc/malloc.c, if malloc is part of the program: gives the heap of this thread up. */
extern void __hermit_malloc_thread_done(void) __attribute__((weak));

/* The default of this size serves C++ and Fortran programs with large frames, as glibc's 8 MiB do. */
static const size_t default_stack_size = 2 << 20;

pthread_t pthread_self(void)
{
	return (pthread_t) __hermit_self;
}

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

/* The last thing a thread does. Who joins frees its structure, or the thread itself when nobody will. */
static void finish(struct thread *self) __attribute__((noreturn));
static void finish(struct thread *self)
{
	__hermit_thread_cleanup();
	__hermit_reent = _GLOBAL_REENT; /* this thread's is part of the structure */
	uint32_t before = JOINABLE;
	if (!__atomic_compare_exchange_n(&self->state, &before, ENDED, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		free(self);
	if (__hermit_malloc_thread_done != NULL)
		__hermit_malloc_thread_done();
	sys_thread_exit();
}

static void begin(size_t argument)
{
	struct thread *self = (struct thread *) argument;
	__hermit_self = self;
	__hermit_reent = &self->reent;
	self->tid = sys_gettid();
	self->result = self->start(self->argument);
	finish(self);
}

int pthread_create(pthread_t *restrict id, const pthread_attr_t *restrict attributes, void *(*start)(void *),
                   void *restrict argument)
{
	struct attributes chosen = {0, 0};
	if (attributes != NULL)
		memcpy(&chosen, attributes, sizeof(chosen));
	struct thread *thread = calloc(1, sizeof(*thread));
	if (thread == NULL)
		return EAGAIN;
	_REENT_INIT_PTR_ZEROED(&thread->reent);
	thread->state = chosen.detached ? DETACHED : JOINABLE;
	thread->start = start;
	thread->argument = argument;
	__hermit_threaded = 1;
	size_t stack_size = chosen.stack_size ? chosen.stack_size : default_stack_size;
	hermit_tid_t tid = sys_spawn2(begin, (size_t) thread, 2, stack_size, -1);
	if (tid < 0) {
		free(thread);
		return tid == -ENOMEM ? EAGAIN : -tid;
	}
	*id = (pthread_t) thread;
	if (chosen.detached)
		sys_detach(tid); /* the structure may be gone already */
	else
		thread->tid = tid;
	return 0;
}

void pthread_exit(void *result)
{
	struct thread *self = __hermit_self;
	if (self == &main_thread) {
		/* The program goes on until its other threads call exit: nobody waits for the main thread here. */
		__hermit_thread_cleanup();
		sys_thread_exit();
	}
	self->result = result;
	finish(self);
}

int pthread_join(pthread_t id, void **result)
{
	struct thread *thread = (struct thread *) id;
	if (thread == __hermit_self)
		return EDEADLK;
	if (__atomic_load_n(&thread->state, __ATOMIC_ACQUIRE) == DETACHED)
		return EINVAL;
	int error = -sys_join(thread->tid);
	if (error != 0)
		return error;
	if (result != NULL)
		*result = thread->result;
	free(thread);
	return 0;
}

int pthread_detach(pthread_t id)
{
	struct thread *thread = (struct thread *) id;
	hermit_tid_t tid = thread->tid;
	uint32_t before = JOINABLE;
	if (__atomic_compare_exchange_n(&thread->state, &before, DETACHED, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return -sys_detach(tid);
	return before == ENDED ? pthread_join(id, NULL) : EINVAL;
}

int pthread_attr_init(pthread_attr_t *attributes)
{
	memset(attributes, 0, sizeof(*attributes));
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attributes)
{
	(void) attributes;
	return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attributes, int state)
{
	if (state != PTHREAD_CREATE_JOINABLE && state != PTHREAD_CREATE_DETACHED)
		return EINVAL;
	((struct attributes *) attributes)->detached = state;
	return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attributes, int *state)
{
	*state = ((const struct attributes *) attributes)->detached;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attributes, size_t size)
{
	if (size < PTHREAD_STACK_MIN)
		return EINVAL;
	((struct attributes *) attributes)->stack_size = size;
	return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *restrict attributes, size_t *restrict size)
{
	size_t chosen = ((const struct attributes *) attributes)->stack_size;
	*size = chosen ? chosen : default_stack_size;
	return 0;
}
