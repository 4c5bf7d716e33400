/* issignaling (TS 18661-1): whether a value is a NaN that raises FE_INVALID when it is used. Looks at the bits: arithmetic
 * would quiet it.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

/* The first bit of the fraction tells quiet NaNs: flipped, it makes signaling ones the largest values. */
int __issignalingf(float x)
{
	uint32_t bits;
	memcpy(&bits, &x, sizeof(bits));
	return ((bits ^ 0x00400000) & 0x7fffffff) > 0x7fc00000;
}

int __issignaling(double x)
{
	uint64_t bits;
	memcpy(&bits, &x, sizeof(bits));
	return ((bits ^ 0x0008000000000000) & 0x7fffffffffffffff) > 0x7ff8000000000000;
}

/* The x87 takes numbers without their leading bit for signaling NaNs, too. */
int __issignalingl(long double x)
{
	struct { uint64_t fraction; uint16_t sign_and_exponent; } bits;
	memcpy(&bits, &x, 10);
	unsigned exponent = bits.sign_and_exponent & 0x7fff;
	int has_leading_bit = bits.fraction >> 63 != 0;
	if (exponent == 0x7fff && has_leading_bit)
		return (bits.fraction ^ 0x4000000000000000) > 0xc000000000000000;
	return exponent != 0 && !has_leading_bit;
}
