//# libs: -lm
/* errno, exceptions and results that were wrong once. The suite math looks at every function. */
#include <complex.h>
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>

static void show(const char *name, double result)
{
	printf("%s = %.15g, errno %d, invalid %d, division %d, overflow %d\n", name, isnan(result) ? 0.0 : result, errno,
	       !!fetestexcept(FE_INVALID), !!fetestexcept(FE_DIVBYZERO), !!fetestexcept(FE_OVERFLOW));
	errno = 0;
	feclearexcept(FE_ALL_EXCEPT);
}

#define SHOW(call) show(#call, call)

int main(void)
{
	volatile double zero = 0, one = 1, two = 2, large = 1e308, infinite = INFINITY;
	printf("math_errhandling %d, FE_DOWNWARD %x, FE_UPWARD %x, FE_TOWARDZERO %x, FP_ILOGB0 %d, FP_ILOGBNAN %d\n", math_errhandling,
	       FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO, FP_ILOGB0, FP_ILOGBNAN);
	SHOW(sqrt(-one));
	SHOW(acos(two));
	SHOW(fmod(one, zero));
	SHOW(log10(zero));
	SHOW(cosh(large));
	SHOW(hypot(large, large * 1.5));
	SHOW(tgamma(-one));
	SHOW(tgamma(-zero));
	SHOW(tgamma(6 * one));
	SHOW(sin(infinite));
	SHOW(scalbln(one, 100000));
	SHOW(fdim(-infinite, one));
	SHOW((double)expl(20000.0L * one));
	SHOW(ilogb(zero));
	double whole;
	printf("modf %d\n", isnan(modf(NAN, &whole)) && isnan(whole));
	int quotient;
	remquof(-3.0f, 3.0f, &quotient);
	printf("remquof %d\n", quotient);
	double complex z = ctanh(CMPLX(400 * one, 1));
	printf("ctanh %.15g %.3g\n", creal(z), cimag(z));
	z = catan(CMPLX(one, 0));
	printf("catan %.15g %.15g\n", creal(z), cimag(z));
	z = casin(CMPLX(1e8 * one, 1));
	printf("casin %.15g %.15g\n", creal(z), cimag(z));
	z = cexp(CMPLX(709.9 * one, 0.5));
	printf("cexp %.14g %.14g\n", creal(z), cimag(z));
	z = csqrt(CMPLX(-infinite, 1));
	printf("csqrt %g %g\n", creal(z), cimag(z));
	return 0;
}
