/* Threads: create, join, detach, exit, on the kernel's sys_spawn2. pthread_t is the address of a struct thread.
 *
 * The kernel learns that nobody will join a thread when the thread ends: until then signals must find it. The structure
 * has two owners, the thread itself and its handle (who joins or detaches it); the last one frees it.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hermit_libc.h"
#include "thread.h"

/* malloc/malloc.c, if malloc is part of the program: gives the heap of this thread up. */
extern void __hermit_malloc_thread_done(void) __attribute__((weak));

/* Threads that have not ended; the program ends with the last one. */
static uint32_t living = 1;

/* Threads that have been started and not joined. Detached ones stay in the number: nobody learns when they are gone. */
static uint32_t not_joined;

static void release(struct thread *thread)
{
	if (__atomic_sub_fetch(&thread->references, 1, __ATOMIC_ACQ_REL) == 0 && thread != &__hermit_main_thread)
		__hermit_give_thread(thread);
}

void __hermit_finish(struct thread *self)
{
	__atomic_fetch_or(&self->cancel, CANCEL_EXITING, __ATOMIC_ACQ_REL);
	while (self->cleanup != NULL)
		__hermit_cleanup_pop(self->cleanup, 1);
	__hermit_thread_cleanup();
	if (__atomic_sub_fetch(&living, 1, __ATOMIC_ACQ_REL) == 0)
		exit(0);
	__hermit_reent = _GLOBAL_REENT; /* this thread's is part of the structure */
	hermit_tid_t tid = self->tid;
	uint32_t *state = &self->state;
	/* Signals that come from here on have nothing to interrupt; their handlers must not run on a freed structure. */
	static const uint64_t all = ~0UL;
	sys_sigprocmask(2 /* SIG_SETMASK */, &all, NULL);
	__hermit_self = &__hermit_main_thread;
	uint32_t before = THREAD_JOINABLE;
	/* One that is detached stays so until its memory is free: nobody may join it in between. */
	if (!__atomic_compare_exchange_n(state, &before, THREAD_ENDED, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		sys_detach(tid);
	sys_futex_wake(state, INT_MAX);
	release(self);
	if (__hermit_malloc_thread_done != NULL)
		__hermit_malloc_thread_done();
	sys_thread_exit();
}

__attribute__((noinline)) void __hermit_run(struct thread *self)
{
	self->result = self->start(self->argument);
	__hermit_finish(self);
}

/* Goes on at the top of the program's own stack and never comes back. */
static void run_on(struct thread *self, char *top) __attribute__((noreturn));
static void run_on(struct thread *self, char *top)
{
	top = (char *) ((uintptr_t) top & ~15UL);
	__asm__ volatile("mov %0, %%rsp\n\txor %%ebp, %%ebp\n\tcall *%1\n\tud2" : : "r"(top), "r"(__hermit_run), "D"(self) : "memory");
	__builtin_unreachable();
}

static void begin(size_t argument)
{
	struct thread *self = (struct thread *) argument;
	char *stack = self->attributes.stack;
	__hermit_self = self;
	__hermit_reent = &self->reent;
	self->tid = sys_gettid();
	if (self->attributes.policy == SCHED_FIFO) /* the kernel's threads take turns unless they are told otherwise */
		sys_set_schedule(self->tid, SCHED_FIFO, self->attributes.priority);
	sys_sigprocmask(2 /* SIG_SETMASK */, &self->signal_mask, NULL);
	__atomic_store_n(&self->core, sys_get_core_id(), __ATOMIC_RELEASE);
	if (stack != NULL)
		run_on(self, stack + self->attributes.stack_size);
	/* The first frame lies in the highest page. */
	self->stack_top = (void *) (((uintptr_t) __builtin_frame_address(0) | 4095) + 1);
	__hermit_run(self);
}

/* What the creator's attributes and the creator itself say about the new thread. */
static void inherit(struct thread *thread, const pthread_attr_t *attributes)
{
	const struct thread *creator = __hermit_self;
	struct attributes *own = &thread->attributes;
	if (attributes != NULL)
		memcpy(own, attributes, sizeof(*own));
	if (!own->explicit_schedule) {
		own->policy = creator->attributes.policy;
		own->priority = creator->attributes.priority;
	}
	if (own->affinity != NULL)
		thread->affinity = *own->affinity;
	else
		thread->affinity = creator->affinity;
	own->affinity = NULL;
	if (own->stack_size == 0)
		own->stack_size = default_stack_size;
	thread->state = own->detached ? THREAD_DETACHED : THREAD_JOINABLE;
}

int pthread_create(pthread_t *restrict id, const pthread_attr_t *restrict attributes, void *(*start)(void *),
                   void *restrict argument)
{
	struct thread *thread = __hermit_take_thread();
	if (thread == NULL)
		return EAGAIN;
	_REENT_INIT_PTR_ZEROED(&thread->reent);
	thread->references = 2;
	thread->core = -1;
	thread->start = start;
	thread->argument = argument;
	inherit(thread, attributes);
	int detached = thread->state == THREAD_DETACHED;
	__hermit_threaded = 1;
	__atomic_add_fetch(&not_joined, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&living, 1, __ATOMIC_RELAXED);
	uint8_t priority = __hermit_kernel_priority(&thread->attributes);
	size_t stack_size = thread->attributes.stack != NULL ? PTHREAD_STACK_MIN : thread->attributes.stack_size;
	*id = (pthread_t) thread; /* first: the thread may look for itself there */
	/* Until it knows itself no handler must run on it. */
	static const uint64_t all = ~0UL;
	sys_sigprocmask(2 /* SIG_SETMASK */, &all, &thread->signal_mask);
	uint64_t mask = thread->signal_mask;
	hermit_tid_t tid = sys_spawn2(begin, (size_t) thread, priority, stack_size, __hermit_place(&thread->affinity));
	sys_sigprocmask(2 /* SIG_SETMASK */, &mask, NULL);
	if (tid < 0) {
		__atomic_sub_fetch(&living, 1, __ATOMIC_RELAXED);
		__atomic_sub_fetch(&not_joined, 1, __ATOMIC_RELAXED);
		__hermit_give_thread(thread);
		return tid == -ENOMEM ? EAGAIN : -tid;
	}
	thread->tid = tid; /* both write the same; whoever is first needs it */
	if (detached)
		release(thread);
	return 0;
}

void pthread_exit(void *result)
{
	struct thread *self = __hermit_self;
	__atomic_fetch_or(&self->cancel, CANCEL_EXITING, __ATOMIC_ACQ_REL);
	self->result = result;
	__hermit_unwind(self);
}

/* Waits for the end. Returns 0, ETIMEDOUT, EINVAL or ESRCH. */
static int wait_for_end(struct thread *thread, clockid_t clock, const struct timespec *deadline)
{
	uint32_t state;
	pthread_testcancel();
	while ((state = __atomic_load_n(&thread->state, __ATOMIC_ACQUIRE)) != THREAD_ENDED) {
		if (state == THREAD_FREE)
			return ESRCH;
		if (state == THREAD_DETACHED)
			return EINVAL;
		int result = __hermit_wait_cancellable(&thread->state, THREAD_JOINABLE, clock, deadline);
		if (result == ETIMEDOUT || result == EINVAL)
			return result;
	}
	return 0;
}

static int join(struct thread *thread, void **result, clockid_t clock, const struct timespec *deadline)
{
	if (thread == __hermit_self)
		return EDEADLK;
	int error = wait_for_end(thread, clock, deadline);
	if (error != 0)
		return error;
	if (result != NULL)
		*result = thread->result;
	sys_join(thread->tid); /* it is past its last use of anything that is the program's */
	if (__atomic_sub_fetch(&not_joined, 1, __ATOMIC_ACQ_REL) == 0)
		__hermit_threaded = 0; /* the caller is alone again */
	release(thread);
	return 0;
}

int pthread_join(pthread_t id, void **result)
{
	return join(thread_of(id), result, CLOCK_REALTIME, NULL);
}

int pthread_clockjoin_np(pthread_t id, void **result, clockid_t clock, const struct timespec *deadline)
{
	return __hermit_is_deadline(clock, deadline) ? join(thread_of(id), result, clock, deadline) : EINVAL;
}

int pthread_timedjoin_np(pthread_t id, void **result, const struct timespec *deadline)
{
	return pthread_clockjoin_np(id, result, CLOCK_REALTIME, deadline);
}

int pthread_tryjoin_np(pthread_t id, void **result)
{
	return has_ended(thread_of(id)) ? pthread_join(id, result) : EBUSY;
}

int pthread_detach(pthread_t id)
{
	struct thread *thread = thread_of(id);
	hermit_tid_t tid = thread->tid;
	uint32_t before = THREAD_JOINABLE;
	if (!__atomic_compare_exchange_n(&thread->state, &before, THREAD_DETACHED, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		if (before != THREAD_ENDED)
			return before == THREAD_FREE ? ESRCH : EINVAL;
		sys_detach(tid);
	}
	release(thread);
	return 0;
}
