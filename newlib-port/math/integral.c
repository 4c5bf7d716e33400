/* Functions whose results are integers, and the square root, as instructions: in double and float (types.h). Where the CPU has no
 * SSE4.1, which all have that fuse multiplications, floor and its kin look at the bits: conversions would raise FE_INEXACT.
 */
#include <errno.h>
#include <hermit/syscall.h>
#include <stdint.h>
#include <string.h>

#include "types.h"

extern uint32_t __hermit_cpu;

#ifdef FLOAT
#define BITS          uint32_t
#define EXPONENT_BIAS 127
#define EXPONENT_MASK 0xff
#define OP(name)      name "ss"
#define SPECIAL       "ss2si"
#else
#define BITS          uint64_t
#define EXPONENT_BIAS 1023
#define EXPONENT_MASK 0x7ff
#define OP(name)      name "sd"
#define SPECIAL       "sd2si"
#endif
#define FRACTION_BITS (DIGITS - 1)
/* From here on every number is an integer. */
#define LARGE         ((REAL)((BITS)1 << FRACTION_BITS))

/* The immediate of ROUNDSD: a direction, or the current one; with QUIET there is no FE_INEXACT. */
enum { DOWN = 1, UP = 2, TO_ZERO = 3, CURRENT = 4, QUIET = 8 };

#define ROUNDED(x, how) ({ REAL rounded_; __asm__ volatile(OP("round") " %2, %1, %0" : "=x"(rounded_) : "x"(x), "i"(how)); rounded_; })
#define HAS_ROUND       __builtin_expect(__hermit_cpu & HERMIT_CPU_FMA, HERMIT_CPU_FMA)

/* Towards 0, by the bits. */
static REAL cut(REAL x)
{
	BITS bits;
	memcpy(&bits, &x, sizeof(bits));
	int exponent = (int)(bits >> FRACTION_BITS & EXPONENT_MASK) - EXPONENT_BIAS;
	if (exponent >= FRACTION_BITS)
		return x + 0; /* quiets signaling NaNs */
	BITS sign = (BITS)1 << (sizeof(bits) * 8 - 1);
	bits &= exponent < 0 ? sign : ~((((BITS)1 << FRACTION_BITS) - 1) >> exponent);
	memcpy(&x, &bits, sizeof(bits));
	return x;
}

REAL F(trunc)(REAL x)
{
	return HAS_ROUND ? ROUNDED(x, TO_ZERO | QUIET) : cut(x);
}

REAL F(floor)(REAL x)
{
	if (HAS_ROUND)
		return ROUNDED(x, DOWN | QUIET);
	REAL whole = cut(x);
	return x < whole ? whole - 1 : whole;
}

REAL F(ceil)(REAL x)
{
	if (HAS_ROUND)
		return ROUNDED(x, UP | QUIET);
	REAL whole = cut(x);
	return x > whole ? F(copysign)(whole + 1, x) : whole;
}

/* Halves away from 0. */
REAL F(round)(REAL x)
{
	if (!__builtin_isless(F(fabs)(x), LARGE))
		return x + 0;
	REAL whole = F(trunc)(x);
	return F(fabs)(x - whole) >= (REAL)0.5 ? whole + F(copysign)(1, x) : whole;
}

/* Halves to the even neighbour. */
REAL F(roundeven)(REAL x)
{
	if (!__builtin_isless(F(fabs)(x), LARGE))
		return x + 0;
	REAL whole = F(trunc)(x), rest = F(fabs)(x - whole);
	int is_odd = F(trunc)(whole / 2) * 2 != whole;
	return rest > (REAL)0.5 || (rest == (REAL)0.5 && is_odd) ? whole + F(copysign)(1, x) : whole;
}

REAL F(rint)(REAL x)
{
	if (HAS_ROUND)
		return ROUNDED(x, CURRENT);
	if (!__builtin_isless(F(fabs)(x), LARGE))
		return x + 0;
	REAL shift = F(copysign)(LARGE, x);
	volatile REAL sum = x + shift;
	return F(copysign)(sum - shift, x);
}

REAL F(nearbyint)(REAL x)
{
	if (HAS_ROUND)
		return ROUNDED(x, CURRENT | QUIET);
	unsigned before, after;
	const unsigned inexact = 0x20;
	__asm__ volatile("stmxcsr %0" : "=m"(before));
	REAL result = F(rint)(x);
	__asm__ volatile("stmxcsr %0" : "=m"(after) : "x"(result));
	after &= ~inexact | before;
	__asm__ volatile("ldmxcsr %0" : : "m"(after));
	return result;
}

long F(lrint)(REAL x)
{
	long result;
	__asm__ volatile("cvt" SPECIAL " %1, %0" : "=r"(result) : "x"(x));
	return result;
}

long long F(llrint)(REAL x)
{
	return F(lrint)(x);
}

long F(lround)(REAL x)
{
	long result;
	__asm__ volatile("cvt" SPECIAL " %1, %0" : "=r"(result) : "x"(F(round)(x)));
	return result;
}

long long F(llround)(REAL x)
{
	return F(lround)(x);
}

REAL F(sqrt)(REAL x)
{
	REAL result;
	if (__builtin_isless(x, 0))
		errno = EDOM;
	__asm__ volatile(OP("sqrt") " %1, %0" : "=x"(result) : "x"(x));
	return result;
}
