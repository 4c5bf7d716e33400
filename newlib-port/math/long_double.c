/* What musl's long double functions leave: acoshl computes with numbers below 1, tgammal has the wrong sign below -13, nextafterl makes
 * no number of the largest negative subnormal, roundevenl is not there. */
#include <errno.h>
#include <math.h>

extern long double __hermit_bare_acoshl(long double x);
extern long double __hermit_bare_tgammal(long double x);
extern long double __hermit_positive_nextafterl(long double x, long double y);

/* Without errno: math/errno.c. */
long double __hermit_bare_nextafterl(long double x, long double y)
{
	return __builtin_signbit(x) ? -__hermit_positive_nextafterl(-x, -y) : __hermit_positive_nextafterl(x, y);
}

long double acoshl(long double x)
{
	if (!__builtin_isless(x, 1))
		return __hermit_bare_acoshl(x);
	errno = EDOM;
	return (x - x) / 0.0L;
}

long double tgammal(long double x)
{
	long double result = __hermit_bare_tgammal(x);
	if (__builtin_isnan(result)) {
		if (!__builtin_isnan(x))
			errno = EDOM;
		return result;
	}
	if (__builtin_isfinite(x) && (__builtin_isinf(result) || result == 0))
		errno = ERANGE;
	if (x == 0 || !__builtin_isless(x, 0))
		return result;
	/* Negative between -1 and 0, positive between -2 and -1, and so on. */
	long double below = floorl(x);
	return copysignl(result, floorl(below / 2) * 2 == below ? 1 : -1);
}

long double roundevenl(long double x)
{
	if (!__builtin_isless(fabsl(x), 0x1p63L))
		return x + 0;
	long double whole = truncl(x), rest = fabsl(x - whole);
	int is_odd = truncl(whole / 2) * 2 != whole;
	return rest > 0.5L || (rest == 0.5L && is_odd) ? whole + copysignl(1, x) : copysignl(whole, x);
}
