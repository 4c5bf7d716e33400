/* The memory of threads. It never goes back to malloc, but to the next thread, so that a handle whose thread has been
 * joined can still be looked at, and the answer be ESRCH. As in glibc a handle that is kept for longer may be that of
 * another thread by then. */
#include <stdlib.h>
#include <string.h>

#include "thread.h"

static struct thread *free_threads;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

struct thread *__hermit_take_thread(void)
{
	pthread_mutex_lock(&mutex);
	struct thread *thread = free_threads;
	if (thread != NULL)
		free_threads = thread->next_free;
	pthread_mutex_unlock(&mutex);
	if (thread == NULL)
		return calloc(1, sizeof(*thread));
	memset(thread, 0, sizeof(*thread));
	return thread;
}

void __hermit_give_thread(struct thread *thread)
{
	pthread_mutex_lock(&mutex);
	thread->next_free = free_threads;
	free_threads = thread;
	__atomic_store_n(&thread->state, THREAD_FREE, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&mutex);
}
