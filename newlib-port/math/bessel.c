/* Bessel's functions in float and long double: double's, which are musl's. In float that is right to the last place but one near
 * the functions' zeros, where musl's own float functions lose all; long double has double's 53 bits.
 */
#include <errno.h>
#include <math.h>

/* y1 of the smallest numbers is too large for a float. */
static float rounded(double result)
{
	if (__builtin_isinf((float)result) && __builtin_isfinite(result))
		errno = ERANGE;
	return (float)result;
}

#define OF_ONE(name) \
	float name##f(float x) { return rounded(name(x)); } \
	long double name##l(long double x) { return name((double)x); }
#define OF_TWO(name) \
	float name##f(int n, float x) { return rounded(name(n, x)); } \
	long double name##l(int n, long double x) { return name(n, (double)x); }

OF_ONE(j0)
OF_ONE(j1)
OF_ONE(y0)
OF_ONE(y1)
OF_TWO(jn)
OF_TWO(yn)
