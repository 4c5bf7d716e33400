//# compare: none
//# isles: process
//# status: 159
//# stdout: before\n
/* ptrace(2): PTRACE_ATTACH to init. */
#include <stdio.h>

#include "raw_system_call.h"

int main(void)
{
	puts("before");
	fflush(stdout);
	long result = raw(101, 16, 1, 0, 0);
	printf("got through with %ld\n", result);
	return 1;
}
