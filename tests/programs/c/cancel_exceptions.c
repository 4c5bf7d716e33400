//# cflags: -fexceptions
/* C compiled with -fexceptions: the handlers of a thread that is cancelled or leaves run once each, in their order, those of
 * pthread_cleanup_pop(1) where they stand; pthread_once forgets a routine that was cancelled. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_barrier_t there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void handler(void *name)
{
	printf("handler %s\n", (const char *) name);
}

static void wait_for_ever(void)
{
	pthread_barrier_wait(&there);
	for (;;)
		pause();
}

static void *cancelled(void *unused)
{
	(void) unused;
	pthread_cleanup_push(handler, "outer");
	pthread_cleanup_push(handler, "popped and run");
	pthread_cleanup_pop(1);
	pthread_cleanup_push(handler, "popped");
	pthread_cleanup_pop(0);
	pthread_cleanup_push(handler, "inner");
	pthread_once(&once, wait_for_ever);
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *leaves(void *unused)
{
	(void) unused;
	pthread_cleanup_push(handler, "leaving");
	pthread_exit("result");
	pthread_cleanup_pop(0);
	return NULL;
}

static void again(void)
{
	puts("once again");
}

int main(void)
{
	pthread_t thread;
	void *result;
	pthread_barrier_init(&there, NULL, 2);
	pthread_create(&thread, NULL, cancelled, NULL);
	pthread_barrier_wait(&there);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	printf("%d\n", result == PTHREAD_CANCELED);
	pthread_once(&once, again);
	pthread_once(&once, again);
	pthread_create(&thread, NULL, leaves, NULL);
	pthread_join(thread, &result);
	puts(result);
	return 0;
}
