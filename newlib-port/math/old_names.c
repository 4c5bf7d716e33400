/* Other names of libm's functions: BSD's, System V's, glibc's, and those that newlib's macros once called. */
#include <math.h>

double drem(double x, double y)
{
	return remainder(x, y);
}

float dremf(float x, float y)
{
	return remainderf(x, y);
}

long double dreml(long double x, long double y)
{
	return remainderl(x, y);
}

double pow10(double x)
{
	return exp10(x);
}

float pow10f(float x)
{
	return exp10f(x);
}

long double exp10l(long double x)
{
	return powl(10, x);
}

long double pow10l(long double x)
{
	return exp10l(x);
}

double infinity(void)
{
	return __builtin_inf();
}

float infinityf(void)
{
	return __builtin_inff();
}

/* newlib's switch, without effect: errors are told as POSIX wants it. */
_LIB_VERSION_TYPE _LIB_VERSION = _POSIX_;

int finitel(long double x)
{
	return __builtin_isfinite(x);
}

int isinfl(long double x)
{
	return __builtin_isinf_sign(x);
}

int isnanl(long double x)
{
	return __builtin_isnan(x);
}

int __signbitf(float x)
{
	return __builtin_signbitf(x);
}

int __signbitd(double x)
{
	return __builtin_signbit(x);
}
