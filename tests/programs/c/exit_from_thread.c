//# cpus: 1 2 4
//# cflags: -pthread
//# status: 7
//# output-file: from_thread
/* exit() in a thread, while main waits and never used stdio: the handlers run there, and what was buffered is written. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static __thread int caller;

static void at_exit(void)
{
	printf(", handler in the thread that exits %d", caller);
}

static void *leave(void *argument)
{
	FILE *file = fopen("from_thread", "w");
	(void)argument;
	caller = 1;
	fputs("without a newline", file);
	printf("printed");
	exit(7);
}

int main(void)
{
	pthread_t thread;
	atexit(at_exit);
	pthread_create(&thread, NULL, leave, NULL);
	pthread_join(thread, NULL);
	return 1;
}
