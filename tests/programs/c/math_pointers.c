//# compilers: gcc clang
//# libs: -lm
/* Every function of <math.h> as a function, in three precisions: none may be a macro only, or lack from the library. */
#include <math.h>
#include <stdio.h>

#define EACH_UNARY(F)                                                                                                          \
	F(acos) F(acosh) F(asin) F(asinh) F(atan) F(atanh) F(cbrt) F(ceil) F(cos) F(cosh) F(erf) F(erfc) F(exp) F(exp2) F(expm1)   \
	F(fabs) F(floor) F(lgamma) F(log) F(log10) F(log1p) F(log2) F(logb) F(nearbyint) F(rint) F(round) F(sin) F(sinh) F(sqrt)   \
	F(tan) F(tanh) F(tgamma) F(trunc)
#define EACH_BINARY(F)                                                                                                         \
	F(atan2) F(copysign) F(fdim) F(fmax) F(fmin) F(fmod) F(hypot) F(nextafter) F(pow) F(remainder)

#define UNARY(of)  { #of, of, of##f, of##l },
#define BINARY(of) { #of, of, of##f, of##l },

static const struct {
	const char *name;
	double (*of_double)(double);
	float (*of_float)(float);
	long double (*of_long)(long double);
} unary[] = { EACH_UNARY(UNARY) };

static const struct {
	const char *name;
	double (*of_double)(double, double);
	float (*of_float)(float, float);
	long double (*of_long)(long double, long double);
} binary[] = { EACH_BINARY(BINARY) };

static const struct {
	const char *name;
	long (*of_double)(double);
	long (*of_float)(float);
	long (*of_long)(long double);
	long long (*llong_of_double)(double);
	long long (*llong_of_float)(float);
	long long (*llong_of_long)(long double);
} whole[] = { { "rint", lrint, lrintf, lrintl, llrint, llrintf, llrintl },
	      { "round", lround, lroundf, lroundl, llround, llroundf, llroundl } };

int main(void)
{
	static const double values[] = { 0.625, 1.25, -0.375, 17.5 };
	for (unsigned k = 0; k < sizeof values / sizeof *values; k++) {
		double x = values[k];
		for (unsigned i = 0; i < sizeof unary / sizeof *unary; i++) {
			double d = unary[i].of_double(x);
			float f = unary[i].of_float((float) x);
			long double l = unary[i].of_long(x);
			printf("%s(%g) %.12g %.5g %.14Lg\n", unary[i].name, x, d != d ? 0 : d, f != f ? 0 : f, l != l ? 0 : l);
		}
		for (unsigned i = 0; i < sizeof binary / sizeof *binary; i++) {
			double d = binary[i].of_double(x, 0.75);
			float f = binary[i].of_float((float) x, 0.75f);
			long double l = binary[i].of_long(x, 0.75L);
			printf("%s(%g, 0.75) %.12g %.5g %.14Lg\n", binary[i].name, x, d != d ? 0 : d, f != f ? 0 : f, l != l ? 0 : l);
		}
		for (unsigned i = 0; i < sizeof whole / sizeof *whole; i++)
			printf("%s(%g) %ld %ld %ld %lld %lld %lld\n", whole[i].name, x, whole[i].of_double(x), whole[i].of_float((float) x),
			       whole[i].of_long(x), whole[i].llong_of_double(x), whole[i].llong_of_float((float) x), whole[i].llong_of_long(x));
		int exponent[3];
		double d = frexp(x, exponent);
		float f = frexpf((float) x, exponent + 1);
		long double l = frexpl(x, exponent + 2);
		printf("frexp %g %g %Lg %d %d %d\n", d, f, l, exponent[0], exponent[1], exponent[2]);
		d = modf(x, &d);
		f = modff((float) x, &f);
		l = modfl(x, &l);
		printf("modf %g %g %Lg fma %g %g %Lg\n", d, f, l, fma(x, x, 1), fmaf((float) x, 2, 1), fmal(x, x, 1));
		printf("ldexp %g %g %Lg scalbn %g %g %Lg scalbln %g %g %Lg\n", ldexp(x, 3), ldexpf((float) x, 3), ldexpl(x, 3), scalbn(x, -3),
		       scalbnf((float) x, -3), scalbnl(x, -3), scalbln(x, 2), scalblnf((float) x, 2), scalblnl(x, 2));
		printf("ilogb %d %d %d nexttoward %d %d %d\n", ilogb(x), ilogbf((float) x), ilogbl(x), nexttoward(x, 2) > x,
		       nexttowardf((float) x, 2) > (float) x, nexttowardl(x, 2) > x);
		int quotient[3];
		printf("remquo %g %g %Lg", remquo(x, 0.75, quotient), remquof((float) x, 0.75f, quotient + 1), remquol(x, 0.75L, quotient + 2));
		/* The bits of remquol's are left out: QEMU's FPREM1 does not tell them. */
		printf(" %d %d\n", quotient[0] & 7, quotient[1] & 7);
	}
	return 0;
}
