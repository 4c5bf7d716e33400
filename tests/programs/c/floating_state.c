//# libs: -lm
/* Rounding mode, x87 control word and MXCSR survive system calls and sleeping; x87 and SSE give their results. */
#include <fenv.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static unsigned mxcsr(void)
{
	unsigned value;
	__asm__ volatile("stmxcsr %0" : "=m"(value));
	return value & ~0x3fu; /* without the sticky flags */
}

static unsigned short control(void)
{
	unsigned short value;
	__asm__ volatile("fnstcw %0" : "=m"(value));
	return value;
}

int main(void)
{
	printf("at start: mxcsr %#x, x87 %#x, round %d\n", mxcsr(), control(), fegetround());
	fesetround(FE_DOWNWARD);
	struct timespec time = { 0, 2000000 };
	for (int i = 0; i < 3; i++) {
		nanosleep(&time, NULL);
		write(1, "", 0);
		getpid();
	}
	volatile double one = 1, three = 3;
	volatile long double large = 1, large_down = large / 3;
	volatile double down = one / three;
	unsigned mxcsr_down = mxcsr(), control_down = control();
	fesetround(FE_TONEAREST);
	printf("down: %.20f %.25Lf, mxcsr %#x, x87 %#x\n", down, large_down, mxcsr_down, control_down);
	printf("nearest: %.20f %.25Lf\n", one / three, large / 3);
	return 0;
}
