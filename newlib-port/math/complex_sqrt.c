/* csqrt, for every type. */
#include "complex_types.h"

/* For arguments that are not both finite. */
static COMPLEX special(REAL x, REAL y)
{
	if (__builtin_isinf(y))
		return PAIR(INFINITY, y);
	if (__builtin_isinf(x))
		return x > 0 ? PAIR(x, F(copysign)(y - y, y)) : PAIR(F(fabs)(y - y), F(copysign)(x, y));
	return PAIR(x + y, x + y);
}

/* A power of 4 by which both parts are multiplied; the wider type needs none. */
static WIDE scale_of(WIDE x, WIDE y)
{
#if !defined(FLOAT) && !defined(DOUBLE)
	if (x > LDBL_MAX / 8 || y > LDBL_MAX / 8)
		return 0x1p-4L;
	if (x < 0x1p-16000L && y < 0x1p-16000L)
		return 0x1p128L;
#endif
	(void)x;
	(void)y;
	return 1;
}

COMPLEX F(csqrt)(COMPLEX z)
{
	WIDE x = REAL_PART(z), y = IMAGINARY(z);
	if (x == 0 && y == 0)
		return PAIR(0, y);
	if (!__builtin_isfinite(x) || !__builtin_isfinite(y))
		return special(x, y);
	WIDE a = W(fabs)(x), b = W(fabs)(y), scale = scale_of(a, b);
	a *= scale;
	b *= scale;
#if !defined(FLOAT) && !defined(DOUBLE)
	WIDE root = W(sqrt)((a + W(hypot)(a, b)) / 2);
#else
	WIDE root = W(sqrt)((a + W(sqrt)(a * a + b * b)) / 2); /* no square is too large or too small */
#endif
	WIDE other = b / (2 * root), back = 1 / W(sqrt)(scale);
	root *= back;
	other *= back;
	return x >= 0 ? PAIR(root, F(copysign)((REAL)other, y)) : PAIR(other, F(copysign)((REAL)root, y));
}
