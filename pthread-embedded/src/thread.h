/* A thread as libc knows it; shared by the files of this folder. */
#ifndef HERMIT_THREAD_H
#define HERMIT_THREAD_H

#include <pthread.h>
#include <reent.h>
#include <stdint.h>
#include <unwind.h>

#include <hermit/syscall.h>

#include "cancel.h"

enum { THREAD_JOINABLE, THREAD_DETACHED, THREAD_ENDED, THREAD_FREE /* joined, or detached and ended */ };
enum { PRIORITY_NORMAL = 2 /* what the kernel gives the main thread (hermit-abi) */ };

/* What pthread_attr_t holds; its size is glibc's. */
struct attributes {
	uint8_t detached;
	uint8_t policy;
	uint8_t explicit_schedule;
	uint8_t priority;     /* of sched_param */
	uint32_t magic;       /* ATTRIBUTES_MAGIC while it is initialised */
	size_t stack_size;
	void *stack;          /* lowest address; NULL: the kernel's */
	size_t guard_size;
	cpu_set_t *affinity;  /* owned; NULL: as the thread that creates */
};
#define ATTRIBUTES_MAGIC 0x41747472u
_Static_assert(sizeof(struct attributes) <= sizeof(pthread_attr_t), "glibc's pthread_attr_t is too small");

/* pthread_t is the address of this. The main thread's is static. */
struct thread {
	uint32_t cancel;           /* first, for cancellable.S: CANCEL_* */
	uint32_t state;            /* THREAD_*, a futex for joiners */
	uint32_t references;       /* of the thread itself, and of its handle */
	hermit_tid_t tid;
	uint64_t signal_mask;      /* to begin with */
	int32_t core;              /* -1: not known yet */
	struct __hermit_cleanup *cleanup;
	void *(*start)(void *);
	void *argument;
	void *result;
	struct attributes attributes;
	void *stack_top;
	cpu_set_t affinity;
	struct _Unwind_Exception unwinding; /* while it is cancelled or exits: unwind.c */
	struct _reent reent;
	struct thread *next_free;  /* of those that are free: handle.c */
};
_Static_assert(__builtin_offsetof(struct thread, cancel) == 0, "cancellable.S reads it there");

extern __thread struct thread *__hermit_self;
extern struct thread __hermit_main_thread;

/* The default of this size serves C++ and Fortran programs with large frames, as glibc's 8 MiB do. */
static const size_t default_stack_size = 2 << 20;

static inline struct thread *thread_of(pthread_t id)
{
	return (struct thread *) id;
}

static inline int has_ended(struct thread *thread)
{
	return __atomic_load_n(&thread->state, __ATOMIC_ACQUIRE) >= THREAD_ENDED;
}

static inline int is_gone(struct thread *thread)
{
	return __atomic_load_n(&thread->state, __ATOMIC_ACQUIRE) == THREAD_FREE;
}

/* handle.c: memory for a thread, all zeros, or NULL; and back. */
extern struct thread *__hermit_take_thread(void);
extern void __hermit_give_thread(struct thread *thread);

/* schedule.c: the kernel's priority for these attributes. */
extern uint8_t __hermit_kernel_priority(const struct attributes *attributes);

/* pthread.c: the last thing a thread does. */
extern void __hermit_finish(struct thread *self) __attribute__((noreturn));
/* pthread.c: where a thread begins; no frame above it is the program's. */
extern void __hermit_run(struct thread *self) __attribute__((noreturn));

/* unwind.c: ends the thread after running the destructors of all objects in its frames, if the program has any. */
extern void __hermit_unwind(struct thread *self) __attribute__((noreturn));

/* key.c: the destructors of this thread's keys. */
extern void __hermit_run_key_destructors(void);

/* affinity.c: which core a thread with these cores is placed on: a number, or -1 for any. */
extern intptr_t __hermit_place(const cpu_set_t *set);
/* affinity.c: all cores of the isle. */
extern void __hermit_all_cores(cpu_set_t *set);

/* wait.c: sys_futex_wait until a point in time on a clock, NULL for ever. Returns 0, EAGAIN, EINTR, ETIMEDOUT, EINVAL. */
extern int __hermit_wait(uint32_t *word, uint32_t expected, clockid_t clock, const struct timespec *deadline);
/* The same, as a cancellation point. Without a deadline EINTR comes only after a handler without SA_RESTART; with one after
 * any, as on Linux. */
extern int __hermit_wait_cancellable(uint32_t *word, uint32_t expected, clockid_t clock,
                                     const struct timespec *deadline);
/* Whether waiting on this clock is possible, and the deadline is one. */
extern int __hermit_is_deadline(clockid_t clock, const struct timespec *deadline);

#endif
