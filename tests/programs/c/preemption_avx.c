//# cpus: 1 2
//# cflags: -pthread
/* Upper halves of the YMM registers survive preemption among computing threads (nothing to see where there is no AVX). */
#include <immintrin.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 3, STEPS = 30 };

static atomic_long turns;

__attribute__((noinline, target("avx"))) static long step(long id, long before)
{
	long values[4] = { id, ~id, id * 3, id << 40 }, first[4], last[4], faults = 0;
	__asm__ volatile("vmovdqu %[values], %%ymm3; vmovdqu %[values], %%ymm15\n"
			 "1: pause\n"
			 "cmpq %[before], %[turns]\n"
			 "je 1b\n"
			 "vmovdqu %%ymm3, %[first]; vmovdqu %%ymm15, %[last]; vzeroupper\n"
			 : [first] "=m"(first), [last] "=m"(last)
			 : [values] "m"(values), [before] "r"(before), [turns] "m"(turns)
			 : "xmm3", "xmm15", "cc", "memory");
	for (int i = 0; i < 4; i++)
		faults += first[i] != values[i] || last[i] != values[i];
	return faults;
}

static void *compute(void *argument)
{
	long id = (long)argument, faults = 0;
	long now;
	while ((now = atomic_load(&turns)) < STEPS) {
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
	for (long i = 0; i < THREADS && __builtin_cpu_supports("avx"); i++)
		pthread_create(&threads[i], NULL, compute, (void *)i);
	for (int i = 0; i < THREADS && __builtin_cpu_supports("avx"); i++) {
		void *result;
		pthread_join(threads[i], &result);
		faults += (long)result;
	}
	printf("faults %ld\n", faults);
	return 0;
}
