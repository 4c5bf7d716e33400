//# requires: cpu:avx512f
//# isles: process
/* AVX-512 code runs, and its registers survive system calls and faults. */
#include <immintrin.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

__attribute__((target("avx512f"), noinline)) static int survive(void)
{
	double lanes[8];
	register __m512d kept __asm__("zmm29") = _mm512_set1_pd(1.5);
	__asm__ volatile("" : "+v"(kept));
	struct timespec time = { 0, 1000000 };
	nanosleep(&time, NULL);
	write(1, "", 0);
	__asm__ volatile("" : "+v"(kept));
	_mm512_storeu_pd(lanes, kept);
	return lanes[7] == 1.5;
}

__attribute__((target("avx512f"), noinline)) static double sum(const double *values, int count)
{
	__m512d total = _mm512_setzero_pd();
	for (int i = 0; i < count; i += 8)
		total = _mm512_fmadd_pd(_mm512_loadu_pd(values + i), _mm512_set1_pd(2), total);
	return _mm512_reduce_add_pd(total);
}

int main(void)
{
	double values[64];
	for (int i = 0; i < 64; i++)
		values[i] = i;
	printf("%g\n", sum(values, 64));
	survive(); /* zmm29 is the caller's to save: no promise, but it must not crash */
	return 0;
}
