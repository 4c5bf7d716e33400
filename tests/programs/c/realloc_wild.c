//# status: 134
//# stderr-contains: realloc(): invalid pointer 0x
//# cflags: -Wno-free-nonheap-object
/* realloc of an address inside of a block, of no alignment at all, ends the program with a message. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	char *volatile block = malloc(100);
	puts("before");
	fflush(stdout);
	block = realloc(block + 3, 50);
	printf("never here %p\n", block);
	return 0;
}
