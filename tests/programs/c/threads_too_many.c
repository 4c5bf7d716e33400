//# cpus: 1 2
//# cflags: -pthread
//# compare: none
//# stdout: @golden
//# mem: 1G
//# timeout-s: 240
/* Ten thousand threads at once: each works. More than memory suffices for: EAGAIN, all that started still end, and there is room again. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "show.h"

enum { THREADS = 10000 };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_t threads[THREADS];
static int passed;

static void *pass(void *argument)
{
	pthread_mutex_lock(&gate);
	passed++;
	pthread_mutex_unlock(&gate);
	return argument;
}

/* Makes as many as there can be, which all wait for each other; returns why it has ended. */
static int make(size_t stack_bytes, int *made)
{
	int error = 0, joined = 0;
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, stack_bytes);
	passed = *made = 0;
	pthread_mutex_lock(&gate);
	while (*made < THREADS && (error = pthread_create(&threads[*made], &attributes, pass, NULL)) == 0)
		++*made;
	pthread_mutex_unlock(&gate);
	for (int i = 0; i < *made; i++)
		joined += pthread_join(threads[i], NULL) == 0;
	SHOW(passed == *made);
	SHOW(joined == *made);
	return error;
}

int main(void)
{
	int made;
	SHOW(make(8 * 1024 * 1024, &made) == EAGAIN);
	SHOW(made > 50 && made < 1024 / 8);
	SHOW(make(64 * 1024, &made));
	SHOW(made);
	SHOW(make(8 * 1024 * 1024, &made) == EAGAIN);
	SHOW(made > 20 && made < 1024 / 8); /* what is free is in more parts now */
	return 0;
}
