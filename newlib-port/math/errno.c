/* errno for a function that knows only the exceptions (musl's, and CORE-MATH's in long double): FUNCTION calls __hermit_bare_FUNCTION
 * and looks at the result (xtask/src/steps/libc/musl.rs). A NaN that no argument was is EDOM; an infinity that no argument was is
 * ERANGE, of a pole or an overflow, and so is, UNDERFLOW being defined, a zero that is not exact, and, NEXT being defined, the
 * neighbour of a number other than 0 if it is subnormal. QUIET: the function raises FE_INVALID for quiet NaNs as well, so it is not asked.
 */
#include <errno.h>
#include <math.h>

#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define BARE JOINED(__hermit_bare_, FUNCTION)

#if defined(ONE)
#define PARAMETERS TYPE x
#define ARGUMENTS  x
#define ANY_NAN    __builtin_isnan(x)
#define ALL_FINITE __builtin_isfinite(x)
#define NAN_RESULT x + x
#elif defined(TWO)
#define PARAMETERS TYPE x, TYPE y
#define ARGUMENTS  x, y
#define ANY_NAN    __builtin_isunordered(x, y)
#define ALL_FINITE (__builtin_isfinite(x) && __builtin_isfinite(y))
#define NAN_RESULT x == 1 || y == 0 ? 1 : x + y /* pow's */
#elif defined(AFTER_INT)
#define PARAMETERS int n, TYPE x
#define ARGUMENTS  n, x
#define ANY_NAN    __builtin_isnan(x)
#define ALL_FINITE __builtin_isfinite(x)
#elif defined(BEFORE_INT)
#define PARAMETERS TYPE x, int n
#define ARGUMENTS  x, n
#define ANY_NAN    __builtin_isnan(x)
#define ALL_FINITE __builtin_isfinite(x)
#elif defined(BEFORE_LONG)
#define PARAMETERS TYPE x, long n
#define ARGUMENTS  x, n
#define ANY_NAN    __builtin_isnan(x)
#define ALL_FINITE __builtin_isfinite(x)
#elif defined(WITH_QUOTIENT)
#define PARAMETERS TYPE x, TYPE y, int *quotient
#define ARGUMENTS  x, y, quotient
#define ANY_NAN    __builtin_isunordered(x, y)
#define ALL_FINITE (__builtin_isfinite(x) && __builtin_isfinite(y))
#elif defined(TO_LONG_DOUBLE)
#define PARAMETERS TYPE x, long double y
#define ARGUMENTS  x, y
#define ANY_NAN    (__builtin_isnan(x) || __builtin_isnan(y))
#define ALL_FINITE (__builtin_isfinite(x) && __builtin_isfinite(y))
#endif

#ifdef NEXT
#define OVERFLOWS __builtin_isfinite(x) /* towards any infinity */
#else
#define OVERFLOWS ALL_FINITE
#endif

extern TYPE BARE(PARAMETERS);

TYPE FUNCTION(PARAMETERS)
{
#ifdef QUIET
	if (ANY_NAN)
		return NAN_RESULT;
#endif
	int before = errno;
	TYPE result = BARE(ARGUMENTS);
	errno = before; /* musl's functions call each other */
	if (__builtin_isnan(result)) {
		if (!ANY_NAN)
			errno = EDOM;
	} else if (__builtin_isinf(result)) {
		if (OVERFLOWS)
			errno = ERANGE;
	}
#ifdef UNDERFLOW
	else if (result == 0 && x != 0 && ALL_FINITE)
		errno = ERANGE;
#endif
#ifdef NEXT
	else if (x != y && x != 0 && !__builtin_isnormal(result))
		errno = ERANGE;
#endif
	return result;
}
