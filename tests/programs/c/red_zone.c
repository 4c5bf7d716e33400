/* The red zone below the stack pointer survives whatever interrupts a leaf function: handlers of a fast timer run meanwhile. */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

enum { INTERRUPTIONS = 50 };

static volatile sig_atomic_t interruptions;

static void count(int signal)
{
	(void)signal;
	interruptions++;
}

/* The sum of two words, the nearest and the farthest of the red zone, after a while of computing. */
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
	struct itimerval fast = { { 0, 1000 }, { 0, 1000 } }, off = { { 0, 0 }, { 0, 0 } };
	signal(SIGALRM, count);
	setitimer(ITIMER_REAL, &fast, NULL);
	while (interruptions < INTERRUPTIONS)
		if (leaf(10000000) != 0x1234 + 0x5678)
			return 1;
	setitimer(ITIMER_REAL, &off, NULL);
	puts("ok");
	return 0;
}
