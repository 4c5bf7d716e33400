//# status: 136
//# stderr-contains: divide
/* Integer division by zero ends the program like SIGFPE. */
#include <stdio.h>

__attribute__((noinline)) int divide(int a, int b)
{
	int result;
	__asm__ volatile("cltd; idivl %2" : "=a"(result) : "a"(a), "r"(b) : "edx");
	return result;
}

int main(void)
{
	printf("%d\n", divide(7, 2));
	fflush(stdout);
	volatile int zero = 0;
	return divide(7, zero);
}
