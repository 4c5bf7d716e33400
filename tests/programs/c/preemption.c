//# cpus: 1 2
//# cflags: -pthread
/* Threads that only compute all make progress, on one core too, and keep their SSE and x87 registers meanwhile. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 3, STEPS = 30 };

static atomic_long turns;

/* Waits for another thread to raise `turns` above `before`, all the while with values of its own in every XMM register and on the x87 stack. */
__attribute__((noinline)) static long step(long id, long before)
{
	unsigned long pattern[2] = { 0x0101010101010101ul * (unsigned long)id, ~(unsigned long)id }, equal;
	long double deep = 1.0L / (id + 2), expected = deep;
	__asm__ volatile("movdqu %[pattern], %%xmm0; movdqa %%xmm0, %%xmm1; movdqa %%xmm0, %%xmm2; movdqa %%xmm0, %%xmm3\n"
			 "movdqa %%xmm0, %%xmm4; movdqa %%xmm0, %%xmm5; movdqa %%xmm0, %%xmm6; movdqa %%xmm0, %%xmm7\n"
			 "movdqa %%xmm0, %%xmm8; movdqa %%xmm0, %%xmm9; movdqa %%xmm0, %%xmm10; movdqa %%xmm0, %%xmm11\n"
			 "movdqa %%xmm0, %%xmm12; movdqa %%xmm0, %%xmm13; movdqa %%xmm0, %%xmm14; movdqa %%xmm0, %%xmm15\n"
			 "1: pause\n"
			 "cmpq %[before], %[turns]\n"
			 "je 1b\n"
			 "movdqu %[pattern], %%xmm0; pcmpeqb %%xmm0, %%xmm1; pand %%xmm1, %%xmm0\n"
			 "pcmpeqb %%xmm2, %%xmm3; pand %%xmm3, %%xmm0; pcmpeqb %%xmm4, %%xmm5; pand %%xmm5, %%xmm0\n"
			 "pcmpeqb %%xmm6, %%xmm7; pand %%xmm7, %%xmm0; pcmpeqb %%xmm8, %%xmm9; pand %%xmm9, %%xmm0\n"
			 "pcmpeqb %%xmm10, %%xmm11; pand %%xmm11, %%xmm0; pcmpeqb %%xmm12, %%xmm13; pand %%xmm13, %%xmm0\n"
			 "pcmpeqb %%xmm14, %%xmm15; pand %%xmm15, %%xmm0\n"
			 "movdqu %[pattern], %%xmm1; pcmpeqb %%xmm2, %%xmm1; pand %%xmm1, %%xmm0\n"
			 "movdqu %[pattern], %%xmm1; pcmpeqb %%xmm14, %%xmm1; pand %%xmm1, %%xmm0\n"
			 "movdqu %[pattern], %%xmm1; pcmpeqb %%xmm0, %%xmm1; pmovmskb %%xmm1, %k[equal]\n"
			 : [equal] "=r"(equal), "+t"(deep)
			 : [pattern] "m"(pattern), [before] "r"(before), [turns] "m"(turns)
			 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
			   "xmm14", "xmm15", "cc", "memory");
	return (unsigned)equal != 0xffff || deep != expected;
}

static void *compute(void *argument)
{
	long id = (long)argument, faults = 0;
	long now;
	while ((now = atomic_load(&turns)) < STEPS) {
		/* Take the turn when it is ours, then wait for the next one to take his. */
		if (now % THREADS == id)
			atomic_fetch_add(&turns, 1);
		else
			faults += step(id + 1, now);
	}
	return (void *)faults;
}

int main(void)
{
	pthread_t threads[THREADS];
	long faults = 0;
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, compute, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		void *result;
		pthread_join(threads[i], &result);
		faults += (long)result;
	}
	printf("all made progress, faults %ld\n", faults);
	return 0;
}
