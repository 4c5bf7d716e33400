/* The red zone below the stack pointer survives whatever interrupts a leaf function. */
#include <stdio.h>
#include <time.h>

__attribute__((noinline)) static unsigned long leaf(unsigned long rounds)
{
	unsigned long result;
	__asm__ volatile("movq $0x1234, -8(%%rsp)\n\tmovq $0x5678, -128(%%rsp)\n"
			 "1:\tdecq %1\n\tjnz 1b\n\tmovq -8(%%rsp), %0\n\taddq -128(%%rsp), %0"
			 : "=r"(result), "+r"(rounds) : : "memory", "cc");
	return result;
}

int main(void)
{
	for (int i = 0; i < 50; i++)
		if (leaf(10000000) != 0x1234 + 0x5678)
			return 1;
	puts("ok");
	return 0;
}
