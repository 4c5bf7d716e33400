/* Blocks at every alignment that a power of two can ask for, small ones and size 0 included, as C++'s operator new asks. */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(const char *name, size_t align, size_t size, void *block)
{
	if (block == NULL || (uintptr_t)block % align != 0)
		printf("%s(%zu, %zu): %s\n", name, align, size, block == NULL ? "no memory" : "not aligned");
	else
		memset(block, 1, size);
	free(block);
}

int main(void)
{
	for (size_t align = 1; align <= 1 << 20; align *= 2) {
		for (size_t size = 0; size <= 5000; size = size * 3 + 1) {
			check("aligned_alloc", align, size, aligned_alloc(align, size));
			check("memalign", align, size, memalign(align, size));
			void *block = NULL;
			int error = posix_memalign(&block, align, size);
			if (align < sizeof(void *))
				printf("posix_memalign(%zu): %s\n", align, strerror(error));
			else
				check("posix_memalign", align, size, block);
		}
	}
	puts("all aligned");
	return 0;
}
