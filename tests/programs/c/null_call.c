//# status: 139
/* Calling NULL ends the program like SIGSEGV. */
#include <stdio.h>

int main(void)
{
	puts("before");
	fflush(stdout);
	void (*volatile function)(void) = NULL;
	function();
	return 0;
}
