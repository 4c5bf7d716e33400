/* newlib's own memory calls, through the public names: a program's own malloc serves newlib too. */
#include <malloc.h>
#include <reent.h>
#include <stdlib.h>

void *_malloc_r(struct _reent *reent, size_t size)
{
	(void) reent;
	return malloc(size);
}

void *_calloc_r(struct _reent *reent, size_t count, size_t size)
{
	(void) reent;
	return calloc(count, size);
}

void *_realloc_r(struct _reent *reent, void *block, size_t size)
{
	(void) reent;
	return realloc(block, size);
}

void _free_r(struct _reent *reent, void *block)
{
	(void) reent;
	free(block);
}
