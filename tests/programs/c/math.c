//# compilers: gcc clang
//# libs: -lm
/* Results that are exact or correctly rounded everywhere; others to 12 digits. */
#include <complex.h>
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>

static const double inputs[] = { 0.0, -0.0, 0.5, 1.0, -1.0, 2.0, 3.141592653589793, 10.0, 1e-10, 123.456, -7.25 };

#define SHOW(f, x) printf(#f "(%g) = %.12g\n", x, f(x))

int main(void)
{
	for (unsigned i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		volatile double x = inputs[i];
		SHOW(sin, x); SHOW(cos, x); SHOW(tan, x); SHOW(atan, x); SHOW(exp, x); SHOW(exp2, x); SHOW(expm1, x);
		SHOW(sinh, x); SHOW(cosh, x); SHOW(tanh, x); SHOW(asinh, x); SHOW(cbrt, x); SHOW(erf, x); SHOW(erfc, x);
		SHOW(floor, x); SHOW(ceil, x); SHOW(trunc, x); SHOW(round, x); SHOW(rint, x); SHOW(nearbyint, x); SHOW(fabs, x);
		volatile double positive = fabs(x) + 0.25;
		SHOW(sqrt, positive); SHOW(log, positive); SHOW(log2, positive); SHOW(log10, positive); SHOW(log1p, positive);
		SHOW(tgamma, positive); SHOW(lgamma, positive);
		printf("pow %.12g hypot %.12g fmod %.12g remainder %.12g atan2 %.12g fma %.12g\n", pow(positive, 1.5),
		       hypot(x, 3), fmod(x, 0.7), remainder(x, 0.7), atan2(x, 2), fma(x, x, 1));
		int exponent;
		double integral, fraction = frexp(x, &exponent), rest = modf(x, &integral);
		printf("frexp %a %d modf %a %a ldexp %a scalbn %a\n", fraction, exponent, rest, integral, ldexp(x, 3), scalbn(x, -3));
		printf("float %.6g %.6g %.6g\n", sqrtf((float)positive), sinf((float)x), powf((float)positive, 0.5f));
	}
	volatile double least = DBL_MIN, half = least / 2;
	volatile float least_float = FLT_MIN, half_float = least_float / 2;
	printf("denormal %a %a, twice %d %d\n", half, half_float, half * 2 == least, half_float * 2 == least_float);
	volatile double zero = 0;
	printf("inf %d nan %d sign %d\n", isinf(1 / zero), isnan(zero / zero), signbit(-zero) != 0);
	printf("lround %ld llrint %lld ilogb %d nextafter %a copysign %g\n", lround(2.5), llrint(2.5), ilogb(1000), nextafter(1, 2),
	       copysign(3, -0.0));
	double complex z = cexp(I * 3.141592653589793 / 4) * csqrt(-4);
	printf("complex %.9f %.9f\n", creal(z), cimag(z));
	feclearexcept(FE_ALL_EXCEPT);
	volatile double overflow = 1e308;
	overflow *= 10;
	printf("overflow %d divbyzero %d\n", fetestexcept(FE_OVERFLOW) != 0, fetestexcept(FE_DIVBYZERO) != 0);
	fesetround(FE_UPWARD);
	volatile double third = 1.0;
	third /= 3;
	volatile double up = rint(2.1);
	fesetround(FE_TONEAREST);
	printf("upward %.20f rint %g\n", third, up);
	return 0;
}
