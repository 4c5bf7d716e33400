/* casin, cacos, catan and their hyperbolic kin, for every type: the algorithm of Hull, Fairgrieve and Tang (Implementing the complex
 * arcsine and arccosine functions using exception handling, ACM TOMS 23, 1997), in the wider type, in which most of their care is
 * not needed. Special values are those of C's Annex G.
 */
#include "complex_types.h"

/* Arcsine and arccosine of x + iy with x and y not negative: the real parts of both, and the imaginary part, which is the same. */
struct arcs {
	WIDE asin, acos, imaginary;
};

#if !defined(FLOAT) && !defined(DOUBLE)
/* Where squares leave the type's range. */
static const REAL LARGE = 1e2400L, SMALL = 1e-2400L;
#endif

/* a - 1, a being half the sum of the distances r and s from -1 and 1. */
static WIDE a_minus_1(WIDE x, WIDE y, WIDE r, WIDE s)
{
	WIDE first = y * y / (r + x + 1);
	return (first + (x < 1 ? y * y / (s + (1 - x)) : s + (x - 1))) / 2;
}

/* sqrt(a*a - x*x), where the difference is small. */
static WIDE other_side(WIDE x, WIDE y, WIDE r, WIDE s)
{
	WIDE a = (r + s) / 2, sum = a + x;
	if (x <= 1)
		return W(sqrt)(sum / 2 * (y * y / (r + x + 1) + (s + (1 - x))));
	return y * W(sqrt)((sum / (r + x + 1) + sum / (s + (x - 1))) / 2);
}

static struct arcs arcs(WIDE x, WIDE y)
{
#if !defined(FLOAT) && !defined(DOUBLE)
	if (x > LARGE || y > LARGE)
		return (struct arcs){
			atan2l(x, y), atan2l(y, x), logl(hypotl(x / 2, y / 2)) + 2 * 0.693147180559945309417232121458176568L};
#endif
	const WIDE log_is_better = 1.5, asin_is_better = 0.6417;
	WIDE r = W(hypot)(x + 1, y), s = W(hypot)(x - 1, y), a = (r + s) / 2, quotient = x / a;
	struct arcs arcs;
	if (quotient <= asin_is_better) {
		arcs.asin = W(asin)(quotient);
		arcs.acos = W(acos)(quotient);
	} else {
		WIDE side = other_side(x, y, r, s);
		arcs.asin = W(atan2)(x, side);
		arcs.acos = W(atan2)(side, x);
	}
	if (a <= log_is_better) {
		WIDE difference = a_minus_1(x, y, r, s);
		arcs.imaginary = W(log1p)(difference + W(sqrt)(difference * (a + 1)));
	} else {
		arcs.imaginary = W(log)(a + W(sqrt)(a * a - 1));
	}
#if !defined(FLOAT) && !defined(DOUBLE)
	if (y < SMALL && x < 1)
		arcs.imaginary = y / sqrtl((1 + x) * (1 - x));
#endif
	return arcs;
}

static int is_finite(COMPLEX z)
{
	return __builtin_isfinite(REAL_PART(z)) && __builtin_isfinite(IMAGINARY(z));
}

static COMPLEX special_casinh(REAL x, REAL y)
{
	if (__builtin_isinf(x))
		return PAIR(x, __builtin_isinf(y) ? F(copysign)(QUARTER_OF_PI, y) : __builtin_isnan(y) ? y : F(copysign)(0, y));
	if (__builtin_isinf(y))
		return __builtin_isnan(x) ? PAIR(F(fabs)(y), x) : PAIR(F(copysign)(INFINITY, x), F(copysign)(HALF_OF_PI, y));
	return PAIR(x + y, y == 0 ? y : x + y);
}

COMPLEX F(casinh)(COMPLEX z)
{
	REAL x = REAL_PART(z), y = IMAGINARY(z);
	if (!is_finite(z))
		return special_casinh(x, y);
	struct arcs of_rotated = arcs(F(fabs)(y), F(fabs)(x));
	return PAIR(F(copysign)((REAL)of_rotated.imaginary, x), F(copysign)((REAL)of_rotated.asin, y));
}

COMPLEX F(casin)(COMPLEX z)
{
	COMPLEX rotated = F(casinh)(PAIR(-IMAGINARY(z), REAL_PART(z)));
	return PAIR(IMAGINARY(rotated), -REAL_PART(rotated));
}

static COMPLEX special_cacos(REAL x, REAL y)
{
	if (__builtin_isinf(x)) {
		if (__builtin_isnan(y))
			return PAIR(y, F(copysign)(INFINITY, -x));
		WIDE angle = __builtin_isinf(y) ? (x > 0 ? QUARTER_OF_PI : WHOLE_PI - QUARTER_OF_PI) : x > 0 ? 0 : WHOLE_PI;
		return PAIR(angle, F(copysign)(INFINITY, -y));
	}
	if (__builtin_isinf(y))
		return PAIR(__builtin_isnan(x) ? x : (REAL)HALF_OF_PI, -y);
	return PAIR(x == 0 ? (REAL)HALF_OF_PI : x + y, x + y);
}

COMPLEX F(cacos)(COMPLEX z)
{
	REAL x = REAL_PART(z), y = IMAGINARY(z);
	if (!is_finite(z))
		return special_cacos(x, y);
	struct arcs both = arcs(F(fabs)(x), F(fabs)(y));
	WIDE angle = __builtin_signbit(x) ? HALF_OF_PI + both.asin : both.acos;
	return PAIR(angle, F(copysign)((REAL)both.imaginary, -y));
}

COMPLEX F(cacosh)(COMPLEX z)
{
	COMPLEX turned = F(cacos)(z);
	return PAIR(F(fabs)(IMAGINARY(turned)), F(copysign)(REAL_PART(turned), IMAGINARY(z)));
}

static COMPLEX special_catanh(REAL x, REAL y)
{
	if (__builtin_isinf(y))
		return PAIR(F(copysign)(0, x), F(copysign)(HALF_OF_PI, y));
	if (__builtin_isinf(x))
		return PAIR(F(copysign)(0, x), __builtin_isnan(y) ? y : F(copysign)(HALF_OF_PI, y));
	return PAIR(x == 0 ? x : x + y, x + y);
}

/* The real part for x and y not negative. */
static WIDE real_of_catanh(WIDE x, WIDE y)
{
#if !defined(FLOAT) && !defined(DOUBLE)
	if (x > LARGE || y > LARGE)
		return x / hypotl(x, y) / hypotl(x, y);
	if (x == 1 && y < SMALL && y > 0)
		return (0.693147180559945309417232121458176568L - logl(y)) / 2;
#endif
	return W(log1p)(4 * x / ((1 - x) * (1 - x) + y * y)) / 4;
}

static WIDE imaginary_of_catanh(WIDE x, WIDE y)
{
#if !defined(FLOAT) && !defined(DOUBLE)
	if (x > LARGE || y > LARGE)
		return HALF_OF_PI;
#endif
	return W(atan2)(2 * y, (1 - x) * (1 + x) - y * y) / 2;
}

COMPLEX F(catanh)(COMPLEX z)
{
	REAL x = REAL_PART(z), y = IMAGINARY(z);
	if (!is_finite(z))
		return special_catanh(x, y);
	WIDE a = F(fabs)(x), b = F(fabs)(y);
	REAL re = (REAL)real_of_catanh(a, b), im = (REAL)imaginary_of_catanh(a, b);
	return PAIR(F(copysign)(re, x), F(copysign)(im, y));
}

COMPLEX F(catan)(COMPLEX z)
{
	COMPLEX rotated = F(catanh)(PAIR(-IMAGINARY(z), REAL_PART(z)));
	return PAIR(IMAGINARY(rotated), -REAL_PART(rotated));
}
