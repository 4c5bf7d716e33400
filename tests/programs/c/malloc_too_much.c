/* calloc and reallocarray of more than there can be: ENOMEM; glibc's questions about the heap. */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	volatile size_t most = (size_t) -1;
	void *block = malloc(10);
	errno = 0;
	printf("%d %d\n", calloc(most, 2) == NULL, errno);
	errno = 0;
	printf("%d %d\n", reallocarray(block, most, 2) == NULL, errno);
	printf("%d ", mallinfo2().arena > 0);
	printf("%d %d\n", mallopt(M_MMAP_THRESHOLD, 1 << 20), mallopt(99, 0));
	malloc_trim(0);
	free(block);
	return 0;
}
