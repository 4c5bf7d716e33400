/* csin, ccos and ctan, for every type: the hyperbolic functions of iz. */
#include "complex_types.h"

COMPLEX F(csin)(COMPLEX z)
{
	COMPLEX rotated = F(csinh)(PAIR(-IMAGINARY(z), REAL_PART(z)));
	return PAIR(IMAGINARY(rotated), -REAL_PART(rotated));
}

COMPLEX F(ccos)(COMPLEX z)
{
	return F(ccosh)(PAIR(-IMAGINARY(z), REAL_PART(z)));
}

COMPLEX F(ctan)(COMPLEX z)
{
	COMPLEX rotated = F(ctanh)(PAIR(-IMAGINARY(z), REAL_PART(z)));
	return PAIR(IMAGINARY(rotated), -REAL_PART(rotated));
}
