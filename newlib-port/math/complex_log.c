/* clog, clog10 and cpow, for every type. */
#include "complex_types.h"

/* log |x + iy|. Near 1 the logarithm is small, and what is small in x*x + y*y - 1 must not have been rounded away. */
static WIDE log_of_magnitude(WIDE x, WIDE y)
{
	WIDE magnitude = W(hypot)(x, y);
	if (!(magnitude > 0.5 && magnitude < 2))
		return W(log)(magnitude);
	x = W(fabs)(x);
	y = W(fabs)(y);
	__float128 larger = x > y ? x : y, smaller = x > y ? y : x;
	return W(log1p)((WIDE)((larger - 1) * (larger + 1) + smaller * smaller)) / 2;
}

COMPLEX F(clog)(COMPLEX z)
{
	REAL x = REAL_PART(z), y = IMAGINARY(z);
	return PAIR(log_of_magnitude(x, y), F(atan2)(y, x));
}

COMPLEX F(clog10)(COMPLEX z)
{
	const WIDE log10_of_e = 0.434294481903251827651128918916605082L;
	REAL x = REAL_PART(z), y = IMAGINARY(z);
	return PAIR(log10_of_e * log_of_magnitude(x, y), log10_of_e * W(atan2)(y, x));
}

COMPLEX F(cpow)(COMPLEX z, COMPLEX power)
{
	WIDE x = REAL_PART(z), y = IMAGINARY(z);
	WIDE _Complex logarithm = __builtin_complex(log_of_magnitude(x, y), W(atan2)(y, x));
	return (COMPLEX)W(cexp)(power * logarithm);
}
