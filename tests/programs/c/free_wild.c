//# status: 134
//# output-file: kept
//# stderr-contains: free(): invalid pointer 0x
//# cflags: -Wno-free-nonheap-object
/* Freeing what malloc never gave ends the program with a message; a file that is being written stays as it is. */
#include <stdio.h>
#include <stdlib.h>

static long long global[64];

int main(void)
{
	FILE *file = fopen("kept", "w");
	fputs("written", file);
	fflush(file);
	puts("before");
	fflush(stdout);
	void *volatile wild = &global[32];
	free(wild);
	puts("never here");
	return 0;
}
