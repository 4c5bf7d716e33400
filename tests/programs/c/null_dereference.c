//# status: 139
//# stderr-contains: crash_here
//# stderr-contains: called_crash_here
//# stderr-contains: called_its_caller
/* A NULL pointer ends the program like SIGSEGV, with a report that names the function and its callers; what was flushed is there. */
#include <stdio.h>

__attribute__((noinline)) int crash_here(volatile int *pointer)
{
	int value = *pointer;
	__asm__ volatile("" ::: "memory");
	return value;
}

__attribute__((noinline)) static int called_crash_here(volatile int *pointer)
{
	return crash_here(pointer) + 1;
}

__attribute__((noinline)) static int called_its_caller(volatile int *pointer)
{
	return called_crash_here(pointer) + 1;
}

int main(void)
{
	puts("before");
	fflush(stdout);
	volatile int *volatile nothing = NULL;
	return called_its_caller(nothing);
}
