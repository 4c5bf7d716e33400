/* Exponents of numbers: ilogb, llogb, logb, for every type (types.h). */
#include <errno.h>
#include <fenv.h>
#include <limits.h>

#include "types.h"

/* The exponent of what is neither 0 nor infinite nor a NaN. */
static int exponent(REAL x)
{
	int power;
	F(frexp)(x, &power);
	return power - 1;
}

/* What has no exponent. */
static int is_special(REAL x)
{
	return x == 0 || !__builtin_isfinite(x);
}

int F(ilogb)(REAL x)
{
	if (!is_special(x))
		return exponent(x);
	errno = EDOM;
	feraiseexcept(FE_INVALID);
	return x == 0 ? FP_ILOGB0 : __builtin_isnan(x) ? FP_ILOGBNAN : INT_MAX;
}

long F(llogb)(REAL x)
{
	if (!is_special(x))
		return exponent(x);
	errno = EDOM;
	feraiseexcept(FE_INVALID);
	return x == 0 ? FP_LLOGB0 : __builtin_isnan(x) ? FP_LLOGBNAN : LONG_MAX;
}

REAL F(logb)(REAL x)
{
	if (!is_special(x))
		return exponent(x);
	if (x != 0)
		return x * x;
	feraiseexcept(FE_DIVBYZERO); /* no errno, as in glibc */
	return -(REAL)INFINITY;
}
