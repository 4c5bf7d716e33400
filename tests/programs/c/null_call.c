//# status: 139
//# stderr-contains: call_nothing
/* Calling NULL ends the program like SIGSEGV, with a report that names the caller. */
#include <stdio.h>

__attribute__((noinline)) static void call_nothing(void (*volatile function)(void))
{
	function();
	__asm__ volatile("" ::: "memory");
}

int main(void)
{
	puts("before");
	fflush(stdout);
	call_nothing(NULL);
	return 0;
}
