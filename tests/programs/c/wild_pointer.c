//# status: 139
/* A non-canonical address (general protection fault) ends the program like SIGSEGV. */
#include <stdio.h>

int main(void)
{
	puts("before");
	fflush(stdout);
	volatile long *volatile wild = (volatile long *)0xdead000000000000;
	return (int)*wild;
}
