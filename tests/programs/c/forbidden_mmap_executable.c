//# compare: none
//# isles: process
//# status: 159
//# stdout: before\n
/* mmap(2) of executable memory: no new code. */
#include <stdio.h>

#include "raw_system_call.h"

int main(void)
{
	puts("before");
	fflush(stdout);
	long result = raw(9, 0, 4096, 7, 0x22);
	printf("got through with %ld\n", result);
	return 1;
}
