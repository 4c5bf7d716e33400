//# status: 132
/* An undefined instruction ends the program like SIGILL. */
#include <stdio.h>

int main(void)
{
	puts("before");
	fflush(stdout);
	__asm__ volatile("ud2");
	return 0;
}
