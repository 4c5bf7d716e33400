/* The main thread, and who is running: all that a program without threads needs of them. */
#include "thread.h"

struct thread __hermit_main_thread = {.tid = 1 /* the kernel's id of it */, .references = 2};
__thread struct thread *__hermit_self = &__hermit_main_thread;

pthread_t pthread_self(void)
{
	return (pthread_t) __hermit_self;
}

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}
