/* The names of the logarithm of gamma. CORE-MATH's and musl's functions tell the sign in a variable; here it is the thread's, and
 * those with _r leave it alone.
 */
#include <errno.h>
#include <math.h>

int __hermit_musl_signgam; /* musl's own, written by the function behind the name that is not used */

extern long double __lgammal_r(long double x, int *sign);

/* Whether x is a negative integer, where gamma has no sign. */
static int is_pole(double x, double result)
{
	return __builtin_isinf(result) && x < 0;
}

double lgamma_r(double x, int *sign)
{
	int before = signgam;
	double result = lgamma(x);
	*sign = is_pole(x, result) ? 1 : signgam;
	signgam = before;
	return result;
}

float lgammaf_r(float x, int *sign)
{
	int before = signgam;
	float result = lgammaf(x);
	*sign = is_pole(x, result) ? 1 : signgam;
	signgam = before;
	return result;
}

long double lgammal_r(long double x, int *sign)
{
	long double result = __lgammal_r(x, sign);
	if (__builtin_isinf(result) && __builtin_isfinite(x))
		errno = ERANGE;
	return result;
}

long double lgammal(long double x)
{
	return lgammal_r(x, &signgam);
}

/* 4.3BSD's names. */
double gamma(double x)
{
	return lgamma(x);
}

float gammaf(float x)
{
	return lgammaf(x);
}

long double gammal(long double x)
{
	return lgammal(x);
}

double gamma_r(double x, int *sign)
{
	return lgamma_r(x, sign);
}

float gammaf_r(float x, int *sign)
{
	return lgammaf_r(x, sign);
}
