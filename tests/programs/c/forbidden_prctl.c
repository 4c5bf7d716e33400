//# compare: none
//# isles: process
//# status: 159
//# stdout: before\n
/* prctl(2): PR_SET_DUMPABLE. */
#include <stdio.h>

#include "raw_system_call.h"

int main(void)
{
	puts("before");
	fflush(stdout);
	long result = raw(157, 4, 1, 0, 0);
	printf("got through with %ld\n", result);
	return 1;
}
