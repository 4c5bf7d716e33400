//# status: 134
//# output-file: kept
//# stderr-contains: free(): double free of 0x
//# cflags: -Wno-use-after-free
/* A block freed twice ends the program with a message; a file that is being written stays as far as it was written. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	FILE *file = fopen("kept", "w");
	fputs("written", file);
	fflush(file);
	void *volatile block = malloc(40), *volatile other = malloc(40), *volatile third = malloc(40);
	puts("before");
	fflush(stdout);
	free(block);
	free(other);
	free(block);
	printf("never here %p\n", third);
	return 0;
}
