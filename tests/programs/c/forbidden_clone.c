//# compare: none
//# isles: process
//# status: 159
//# stdout: before\n
/* clone(2): no other process or thread. */
#include <stdio.h>

#include "raw_system_call.h"

int main(void)
{
	puts("before");
	fflush(stdout);
	long result = raw(56, 17, 0, 0, 0);
	printf("got through with %ld\n", result);
	return 1;
}
