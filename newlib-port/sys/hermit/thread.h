/* A thread as libc knows it; shared by the pthread_*.c files. */
#ifndef HERMIT_THREAD_H
#define HERMIT_THREAD_H

#include <pthread.h>
#include <reent.h>
#include <stdint.h>

#include <hermit/syscall.h>

/* pthread_t is the address of this. The main thread's is static. */
struct thread {
	hermit_tid_t tid;
	uint32_t state;            /* pthread_thread.c: joinable, detached, or ended while joinable */
	void *(*start)(void *);
	void *argument;
	void *result;
	struct _reent reent;
};

extern __thread struct thread *__hermit_self;

/* pthread_key.c: the destructors of this thread's keys. */
extern void __hermit_run_key_destructors(void);

#endif
