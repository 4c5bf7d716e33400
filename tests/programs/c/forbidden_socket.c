//# compare: none
//# isles: process
//# status: 159
//# stdout: before\n
/* socket(2): no network. */
#include <stdio.h>

#include "raw_system_call.h"

int main(void)
{
	puts("before");
	fflush(stdout);
	long result = raw(41, 2, 1, 0, 0);
	printf("got through with %ld\n", result);
	return 1;
}
