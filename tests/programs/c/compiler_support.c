//# compilers: gcc clang
//# libs: -lm
/* What a compiler calls in its runtime library: wide integers, quad precision, complex products, overflow, bits. */
#include <complex.h>
#include <limits.h>
#include <stdio.h>

static volatile unsigned long long high = 0x0123456789abcdefULL, low = 0xfedcba9876543210ULL;
static volatile double large = 1e300, small = 3.0;
static volatile long wide = LONG_MAX;
static volatile int narrow = INT_MIN;

static void show_wide(const char *name, unsigned __int128 value)
{
	printf("%s %016llx%016llx\n", name, (unsigned long long)(value >> 64), (unsigned long long)value);
}

static void integers(void)
{
	unsigned __int128 value = (unsigned __int128)high << 64 | low;
	__int128 negative = -(__int128)(value >> 3);
	show_wide("quotient", value / 1000000007u);
	show_wide("remainder", value % (low | 1));
	show_wide("signed quotient", negative / -12345);
	show_wide("signed remainder", negative % 12345);
	show_wide("product", value * (value ^ high));
	printf("to double %.17g %.17g\n", (double)value, (double)negative);
	show_wide("from double", (unsigned __int128)(large / 1e270));
	long sum;
	int product;
	printf("overflow %d %d\n", __builtin_add_overflow(wide, 1L, &sum), __builtin_mul_overflow(narrow, -1, &product));
	printf("results %ld %d\n", sum, product);
	printf("bits %d %d %d %d\n", __builtin_popcountll(low), __builtin_clzll(high), __builtin_ctzll(low), __builtin_parityll(high));
}

static void quad(void)
{
	__float128 third = (__float128)1 / small;
	__float128 product = third * third - (__float128)1 / 9;
	printf("quad %.17g %d %d\n", (double)third, product < (__float128)1e-33, third > (__float128)(1 / small));
	printf("quad to integers %ld %llu\n", (long)(third * 3000000), (unsigned long long)(third * low));
	printf("quad to long double %.18Lg\n", (long double)third);
}

static void complex_numbers(void)
{
	double complex value = large + small * I, other = small - 2.0 * I;
	double complex product = value * other, quotient = value / other, back = quotient * other;
	printf("product %.17g %.17g\n", creal(product), cimag(product));
	printf("quotient %.17g %.17g\n", creal(quotient), cimag(quotient));
	printf("infinite %g %d\n", creal(value * large * large), creal(back) == large);
}

int main(void)
{
	integers();
	quad();
	complex_numbers();
	return 0;
}
