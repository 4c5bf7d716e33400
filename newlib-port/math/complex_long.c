/* cexpl, csinhl, ccoshl and ctanhl, with the special values of C's Annex G; in double and float they are musl's, whose long
 * double functions have but double's range and precision.
 */
#define LONG_DOUBLE
#include "complex_types.h"

/* Beyond it expl may overflow although the product with a sine does not. */
static const long double LARGE = 11355;

/* e^x * factor. */
static long double scaled_exp(long double x, long double factor)
{
	if (x < LARGE)
		return expl(x) * factor;
	long double root = expl(x / 2);
	return root * factor * root;
}

long double _Complex cexpl(long double _Complex z)
{
	long double x = REAL_PART(z), y = IMAGINARY(z);
	if (y == 0)
		return PAIR(expl(x), y);
	if (__builtin_isfinite(y))
		return __builtin_isnan(x) ? PAIR(x, x) : PAIR(scaled_exp(x, cosl(y)), scaled_exp(x, sinl(y)));
	if (__builtin_isinf(x))
		return x > 0 ? PAIR(x, y - y) : PAIR(0, 0);
	return PAIR(x + (y - y), x + (y - y));
}

/* The values for arguments that are not both finite; y is not 0. */
static long double _Complex special_csinhl(long double x, long double y)
{
	if (__builtin_isinf(x) && __builtin_isfinite(y))
		return PAIR(x * cosl(y), INFINITY * sinl(y));
	if (x == 0 || __builtin_isinf(x))
		return PAIR(x, y - y);
	return PAIR(x + (y - y), x + (y - y));
}

long double _Complex csinhl(long double _Complex z)
{
	long double x = REAL_PART(z), y = IMAGINARY(z);
	if (y == 0)
		return PAIR(sinhl(x), y);
	if (!__builtin_isfinite(x) || !__builtin_isfinite(y))
		return special_csinhl(x, y);
	if (fabsl(x) < LARGE)
		return PAIR(sinhl(x) * cosl(y), coshl(x) * sinl(y));
	return PAIR(scaled_exp(fabsl(x), copysignl(cosl(y) / 2, x * cosl(y))), scaled_exp(fabsl(x), sinl(y) / 2));
}

static long double _Complex special_ccoshl(long double x, long double y)
{
	if (__builtin_isinf(x) && __builtin_isfinite(y))
		return PAIR(INFINITY * cosl(y), x * sinl(y));
	if (x == 0)
		return PAIR(y - y, x);
	if (__builtin_isinf(x))
		return PAIR(INFINITY, y - y);
	return PAIR(x + (y - y), x + (y - y));
}

long double _Complex ccoshl(long double _Complex z)
{
	long double x = REAL_PART(z), y = IMAGINARY(z);
	if (y == 0)
		return PAIR(coshl(x), __builtin_isnan(x) ? y : copysignl(1, x) * y);
	if (!__builtin_isfinite(x) || !__builtin_isfinite(y))
		return special_ccoshl(x, y);
	if (fabsl(x) < LARGE)
		return PAIR(coshl(x) * cosl(y), sinhl(x) * sinl(y));
	return PAIR(scaled_exp(fabsl(x), cosl(y) / 2), scaled_exp(fabsl(x), copysignl(sinl(y) / 2, x * sinl(y))));
}

/* Kahan's formula (Branch cuts for complex elementary functions, 1987). */
long double _Complex ctanhl(long double _Complex z)
{
	const long double one_is_near_enough = 23;
	long double x = REAL_PART(z), y = IMAGINARY(z);
	if (__builtin_isnan(x))
		return PAIR(x, y == 0 ? y : x + y);
	if (__builtin_isinf(x))
		return PAIR(copysignl(1, x), copysignl(0, __builtin_isfinite(y) ? sinl(y) * cosl(y) : y));
	if (!__builtin_isfinite(y))
		return PAIR(x == 0 ? x : y - y, y - y);
	if (fabsl(x) > one_is_near_enough)
		return PAIR(copysignl(1, x), 4 * sinl(y) * cosl(y) * expl(-fabsl(x)) * expl(-fabsl(x)));
	long double tangent = tanl(y), beta = 1 + tangent * tangent, sine = sinhl(x);
	long double divisor = 1 + beta * sine * sine;
	return PAIR(beta * sqrtl(1 + sine * sine) * sine / divisor, tangent / divisor);
}
