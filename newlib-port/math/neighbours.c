/* C23's functions on neighbours, maxima and the order of numbers, for every type (types.h). */
#include <fenv.h>
#include <stdint.h>
#include <string.h>

#include "types.h"

extern REAL F(__hermit_bare_nextafter)(REAL x, REAL y); /* without errno */

REAL F(nextup)(REAL x)
{
	if (x == 0)
		return F(__hermit_bare_nextafter)(0, 1);
	if (__builtin_isnan(x) || x == (REAL)INFINITY)
		return x + 0;
	return x == -(REAL)INFINITY ? -REAL_MAX : F(__hermit_bare_nextafter)(x, (REAL)INFINITY);
}

REAL F(nextdown)(REAL x)
{
	return -F(nextup)(-x);
}

int F(canonicalize)(REAL *canonical, const REAL *x)
{
	volatile REAL value = *x;
	*canonical = value + 0; /* signaling NaNs become quiet */
	if (value == 0)
		*canonical = value;
	return 0;
}

/* The larger of two, +0 being larger than -0. */
static REAL larger(REAL x, REAL y)
{
	if (x == y)
		return __builtin_signbit(x) ? y : x;
	return x > y ? x : y;
}

static REAL smaller(REAL x, REAL y)
{
	if (x == y)
		return __builtin_signbit(x) ? x : y;
	return x < y ? x : y;
}

/* A NaN is the result. */
REAL F(fmaximum)(REAL x, REAL y)
{
	return __builtin_isunordered(x, y) ? x + y : larger(x, y);
}

REAL F(fminimum)(REAL x, REAL y)
{
	return __builtin_isunordered(x, y) ? x + y : smaller(x, y);
}

/* A NaN is ignored; a signaling one raises FE_INVALID. */
static REAL other_than_nan(REAL x, REAL y)
{
	volatile REAL sum = x + y;
	(void)sum;
	return __builtin_isnan(x) ? y + 0 : x + 0;
}

REAL F(fmaximum_num)(REAL x, REAL y)
{
	return __builtin_isunordered(x, y) ? other_than_nan(x, y) : larger(x, y);
}

REAL F(fminimum_num)(REAL x, REAL y)
{
	return __builtin_isunordered(x, y) ? other_than_nan(x, y) : smaller(x, y);
}

/* By magnitude. */
REAL F(fmaximum_mag)(REAL x, REAL y)
{
	REAL a = F(fabs)(x), b = F(fabs)(y);
	return a > b ? x : b > a ? y : F(fmaximum)(x, y);
}

REAL F(fminimum_mag)(REAL x, REAL y)
{
	REAL a = F(fabs)(x), b = F(fabs)(y);
	return a < b ? x : b < a ? y : F(fminimum)(x, y);
}

REAL F(fmaximum_mag_num)(REAL x, REAL y)
{
	REAL a = F(fabs)(x), b = F(fabs)(y);
	return a > b ? x : b > a ? y : F(fmaximum_num)(x, y);
}

REAL F(fminimum_mag_num)(REAL x, REAL y)
{
	REAL a = F(fabs)(x), b = F(fabs)(y);
	return a < b ? x : b < a ? y : F(fminimum_num)(x, y);
}
