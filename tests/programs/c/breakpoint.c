//# status: 133
/* int3 ends the program like SIGTRAP. */
#include <stdio.h>

int main(void)
{
	puts("before");
	fflush(stdout);
	__asm__ volatile("int3");
	return 0;
}
