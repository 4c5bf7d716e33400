//# status: 139
//# stderr-contains: calls_nobody
/* Calling NULL ends the program like SIGSEGV, with a report that names the function that called. */
#include <stdio.h>

static void (*volatile nobody)(void);

__attribute__((noinline)) void calls_nobody(void)
{
	nobody();
	__asm__ volatile("" ::: "memory");
}

int main(void)
{
	puts("before");
	fflush(stdout);
	calls_nobody();
	return 0;
}
