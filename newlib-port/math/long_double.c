/* What musl leaves to do for long double. lgammal: with newlib's signgam, which is the thread's. */
#include <math.h>

int __hermit_musl_signgam; /* musl's own, written by the function behind the name that is not used */

long double lgammal(long double x)
{
	return lgammal_r(x, __signgam());
}

long double dreml(long double x, long double y)
{
	return remainderl(x, y);
}

int isinfl(long double x)
{
	return __builtin_isinf_sign(x);
}

int isnanl(long double x)
{
	return __builtin_isnan(x);
}
