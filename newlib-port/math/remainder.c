/* fmod, remainder and remquo in double and float: those of long double. The first two are one instruction of the x87 (FPREM, FPREM1), in a loop
 * if the exponents are far apart. The result is exact in the narrower type, too.
 */
#include <math.h>

double fmod(double x, double y)
{
	return (double)fmodl(x, y);
}

float fmodf(float x, float y)
{
	return (float)fmodl(x, y);
}

double remainder(double x, double y)
{
	return (double)remainderl(x, y);
}

float remainderf(float x, float y)
{
	return (float)remainderl(x, y);
}

double remquo(double x, double y, int *quotient)
{
	return (double)remquol(x, y, quotient);
}

float remquof(float x, float y, int *quotient)
{
	return (float)remquol(x, y, quotient);
}
