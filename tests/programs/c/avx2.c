//# compilers: gcc clang
/* AVX2 and FMA where the CPU and the kernel offer them give what scalar code gives. */
#include <immintrin.h>
#include <math.h>
#include <stdio.h>

enum { COUNT = 1024 };

__attribute__((target("avx2"))) static long wide(const int *a, const int *b)
{
	__m256i total = _mm256_setzero_si256();
	for (int i = 0; i < COUNT; i += 8) {
		__m256i product = _mm256_mullo_epi32(_mm256_loadu_si256((const __m256i *)(a + i)), _mm256_loadu_si256((const __m256i *)(b + i)));
		total = _mm256_add_epi32(total, product);
	}
	int lanes[8];
	_mm256_storeu_si256((__m256i *)lanes, total);
	long sum = 0;
	for (int i = 0; i < 8; i++)
		sum += lanes[i];
	return sum;
}

static long narrow(const int *a, const int *b)
{
	long sum = 0;
	for (int i = 0; i < COUNT; i++)
		sum += a[i] * b[i];
	return sum;
}

int main(void)
{
	static int a[COUNT], b[COUNT];
	for (int i = 0; i < COUNT; i++) {
		a[i] = i % 37;
		b[i] = i % 11 - 5;
	}
	__builtin_cpu_init();
	long result = __builtin_cpu_supports("avx2") ? wide(a, b) : narrow(a, b);
	printf("%ld %s\n", result, result == narrow(a, b) ? "same" : "different");
	return 0;
}
