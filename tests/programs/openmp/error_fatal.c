//# compare: none
//# status: 1
//# stdout: warned of\n
//# stderr-contains: a warning
//# stderr-contains: enough
/* The error directive at run time: a warning goes on, an error ends the program. */
#include <stdio.h>

int main(void)
{
#pragma omp error at(execution) severity(warning) message("a warning")
	puts("warned of");
	fflush(stdout);
#pragma omp error at(execution) severity(fatal) message("enough")
	puts("not reached");
	return 0;
}
