//# status: 139
//# stderr-contains: crash_here
/* A NULL pointer ends the program like SIGSEGV, with a report that names the function; what was flushed is there. */
#include <stdio.h>

__attribute__((noinline)) int crash_here(volatile int *pointer)
{
	int value = *pointer;
	__asm__ volatile("" ::: "memory");
	return value;
}

int main(void)
{
	puts("before");
	fflush(stdout);
	volatile int *volatile nothing = NULL;
	return crash_here(nothing);
}
