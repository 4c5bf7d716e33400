//# libs: -lm
/* scalbn and its kin: exponents that overflow an int, results that are rounded once into the subnormal range. And
 * issignaling, which looks without touching. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const int exponents[] = {
	INT_MAX, INT_MAX - 1, 50001, 20000, 2000, 1024, 1023, 300, 129, 128, 127, 126, 1, 0, -1,
	-126, -149, -150, -151, -300, -1074, -1075, -1076, -2000, -20000, -50001, INT_MIN + 1, INT_MIN,
};

static void scale(float f, double d)
{
	for (unsigned i = 0; i < sizeof exponents / sizeof *exponents; i++) {
		volatile int n = exponents[i];
		printf("%a %a 2**%d: %a %a %a | %a %a %a | %La %La\n", f, d, n, scalbnf(f, n), ldexpf(f, n),
		       scalblnf(f, n), scalbn(d, n), ldexp(d, n), scalbln(d, n), scalbnl(d, n), scalblnl(d, n));
	}
	volatile long most = LONG_MAX, least = LONG_MIN;
	printf("%a %a %La %a\n", scalbln(d, most), scalblnf(f, least), scalblnl(d, most), scalbln(d, least));
}

static void classify(unsigned f, unsigned long long d, unsigned long long fraction, unsigned short exponent)
{
	float x;
	double y;
	long double z = 0;
	memcpy(&x, &f, sizeof x);
	memcpy(&y, &d, sizeof y);
	memcpy(&z, &fraction, 8);
	memcpy((char *)&z + 8, &exponent, 2);
	printf("%08x %016llx %04hx:%016llx: %d %d %d\n", f, d, exponent, fraction, issignaling(x) != 0,
	       issignaling(y) != 0, issignaling(z) != 0);
}

int main(void)
{
	static const float floats[] = {1, -1, 0, -0.0f, INFINITY, 0x1p-149f, 0x1.8p127f, 1.5f, -0x1.234p-130f};
	static const double doubles[] = {1, -1, 0, -0.0, INFINITY, 0x1p-1074, 0x1.8p1023, 1.5, -0x1.234p-1030};
	for (int i = 0; i < 9; i++)
		scale(floats[i], doubles[i]);
	classify(0x3f800000, 0x3ff0000000000000, 1ull << 63, 0x3fff);
	classify(0x7f800000, 0x7ff0000000000000, 1ull << 63, 0x7fff);
	classify(0x7fc00000, 0x7ff8000000000000, 3ull << 62, 0x7fff);
	classify(0xffc00001, 0xfff8000000000001, (3ull << 62) + 1, 0xffff);
	classify(0x7f800001, 0x7ff0000000000001, (1ull << 63) + 1, 0x7fff);
	classify(0xffa00000, 0xfff4000000000000, 5ull << 61, 0xffff);
	classify(0, 0, 1, 0);
	classify(0, 0, 1, 5);
	return 0;
}
