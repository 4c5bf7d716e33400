//# status: 139
//# stderr-contains: recurse
/* Endless recursion hits the guard page and ends like SIGSEGV. */
#include <stdio.h>

__attribute__((noinline)) int recurse(volatile char *above)
{
	volatile char room[1000];
	room[0] = *above;
	return recurse(room) + room[0];
}

int main(void)
{
	puts("before");
	fflush(stdout);
	volatile char start = 1;
	return recurse(&start);
}
