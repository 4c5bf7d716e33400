//# cflags: -pthread
/* Stacks of threads are as large as was asked for, whatever stacks those before had; and what they leave behind is memory like any other, where
 * their guard pages were, too. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"

static void *fill(void *argument)
{
	size_t used = *(size_t *)argument;
	volatile char *place = __builtin_alloca(used);
	for (size_t i = 0; i < used; i += 256)
		place[i] = (char)i;
	return NULL;
}

static int run(size_t size, size_t used)
{
	pthread_attr_t attributes;
	pthread_t thread;
	pthread_attr_init(&attributes);
	int error = pthread_attr_setstacksize(&attributes, size);
	if (!error)
		error = pthread_create(&thread, &attributes, fill, &used);
	pthread_attr_destroy(&attributes);
	return error ? error : pthread_join(thread, NULL);
}

enum { KIB = 1024, MIB = 1024 * KIB };

int main(void)
{
	/* Most of a stack that follows smaller ones. */
	SHOW(run(128 * KIB, 64 * KIB));
	SHOW(run(1 * MIB, 900 * KIB));
	SHOW(run(256 * KIB, 64 * KIB));
	SHOW(run(4 * MIB, 3900 * KIB));
	for (int i = 1; i <= 16; i++)
		if (run(i * 512 * KIB, i * 512 * KIB - 100 * KIB))
			printf("stack of %d KiB: failed\n", i * 512);
	/* As much as all of those had, written to from end to end. */
	char *blocks[64];
	for (int i = 0; i < 64; i++)
		memset(blocks[i] = malloc(3 * MIB + i * 4096), i, 3 * MIB + i * 4096);
	for (int i = 0; i < 64; i++)
		free(blocks[i]);
	puts("written");
	return 0;
}
