/* What the programs of the suite `math` share: the type, by FLOAT, DOUBLE or LONG_DOUBLE, and the arguments, which are the same in
 * all of them. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define JOINED_(a, b) a##b
#define JOINED(a, b)  JOINED_(a, b)
#define F(name)       JOINED(name, SUFFIX)
#if defined(FLOAT)
#define real         float
#define SUFFIX       f
#define DIGITS       FLT_MANT_DIG
#define LEAST        FLT_MIN_EXP
#define MOST         FLT_MAX_EXP
#elif defined(DOUBLE)
#define real         double
#define SUFFIX
#define DIGITS       DBL_MANT_DIG
#define LEAST        DBL_MIN_EXP
#define MOST         DBL_MAX_EXP
#else
#define real         long double
#define SUFFIX       l
#define DIGITS       LDBL_MANT_DIG
#define LEAST        LDBL_MIN_EXP
#define MOST         LDBL_MAX_EXP
#endif

static uint64_t state_of_random;

static uint64_t random_bits(void)
{
	state_of_random ^= state_of_random << 13;
	state_of_random ^= state_of_random >> 7;
	state_of_random ^= state_of_random << 17;
	return state_of_random;
}

static real between(real lowest, real highest)
{
	return lowest + (highest - lowest) * ((real)(random_bits() >> 11) * (real)0x1p-53);
}

/* Of any exponent, subnormal ones too. */
static real anywhere(void)
{
	real fraction = 1 + (real)(random_bits() >> 1) * (real)0x1p-63;
	int exponent = LEAST - DIGITS + (int)(random_bits() % (unsigned)(MOST - LEAST + DIGITS));
	real value = F(scalbn)(fraction, exponent);
	return random_bits() & 1 ? -value : value;
}
