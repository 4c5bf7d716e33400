//# compare: none
//# isles: process
//# status: 159
//# stdout: before\n
/* execve(2): no other program. */
#include <stdio.h>

#include "raw_system_call.h"

int main(void)
{
	puts("before");
	fflush(stdout);
	long result = raw(59, (long)"/bin/true", 0, 0, 0);
	printf("got through with %ld\n", result);
	return 1;
}
