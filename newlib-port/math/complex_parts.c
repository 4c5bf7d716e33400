/* What complex numbers consist of: cabs, carg, cimag, conj, cproj, creal, for every type. */
#include "complex_types.h"

REAL F(cabs)(COMPLEX z)
{
	return F(hypot)(REAL_PART(z), IMAGINARY(z));
}

REAL F(carg)(COMPLEX z)
{
	return F(atan2)(IMAGINARY(z), REAL_PART(z));
}

REAL F(creal)(COMPLEX z)
{
	return REAL_PART(z);
}

REAL F(cimag)(COMPLEX z)
{
	return IMAGINARY(z);
}

COMPLEX F(conj)(COMPLEX z)
{
	return PAIR(REAL_PART(z), -IMAGINARY(z));
}

COMPLEX F(cproj)(COMPLEX z)
{
	int is_infinite = __builtin_isinf(REAL_PART(z)) || __builtin_isinf(IMAGINARY(z));
	return is_infinite ? PAIR(INFINITY, F(copysign)(0, IMAGINARY(z))) : z;
}
