/* Special values of libm's functions: for each call the kind of the result, errno and the exceptions, a line each. Compiled for an isle
 * and natively; the lines are the same. What C leaves open is not in them: ERANGE and FE_UNDERFLOW of small results, FE_INEXACT, the
 * sign of a 0 that is the larger or smaller of two, signs in complex results with NaNs.
 */
#include <complex.h>
#include <errno.h>
#include <fenv.h>
#include <stdio.h>

#include "types.h"

static const double inputs[] = { 0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3.5, 10, 1e16, 1e-10, -1e-10, 171.7, -171.3, 709.9, -745.2, 1e22,
	0x1.fffffffffffffp-1, 4503599627370497.5, 3.141592653589793, INFINITY, -INFINITY, NAN, 1e30, -1e30 };
#define NUMBER (sizeof(inputs) / sizeof(*inputs))
/* The largest, the smallest, the smallest subnormal number, and their negatives, behind the inputs. */
enum { EXTREMES = 6 };

static real input(unsigned i)
{
	if (i < NUMBER)
		return (real)inputs[i];
	real one = 1, large = F(scalbn)(2 - F(scalbn)(1, 1 - DIGITS), MOST - 1);
	const real extremes[] = { large, F(scalbn)(one, LEAST - 1), F(scalbn)(one, LEAST - DIGITS) };
	i -= NUMBER;
	return i % 2 ? -extremes[i / 2] : extremes[i / 2];
}

static const char *kind(real value)
{
	static const char *const kinds[] = { "nan", "-inf", "inf", "-0", "0", "tiny", "-", "+" };
	if (isnan(value))
		return kinds[0];
	if (isinf(value))
		return kinds[value < 0 ? 1 : 2];
	if (value == 0)
		return kinds[signbit(value) ? 3 : 4];
	if (fpclassify(value) == FP_SUBNORMAL)
		return kinds[5];
	return kinds[value < 0 ? 6 : 7];
}

static void begin(void)
{
	errno = 0;
	feclearexcept(FE_ALL_EXCEPT);
}

static void show(const char *name, real x, real y, real result)
{
	int error = errno, exceptions = fetestexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW);
	int is_small = F(fabs)(result) <= F(scalbn)(1, LEAST - 1);
	const char *what = is_small && result != 0 ? "tiny" : kind(result);
	printf("%s(%La, %La) = %s errno %d exceptions %x\n", name, (long double)x, (long double)y, what,
	       is_small && error == ERANGE && result != 0 ? 0 : error, exceptions);
}

static void of_one(const char *name, real (*function)(real))
{
	for (unsigned i = 0; i < NUMBER + EXTREMES; i++) {
		volatile real x = input(i);
		begin();
		volatile real result = function(x);
		show(name, x, 0, result);
	}
}

static void of_two(const char *name, real (*function)(real, real))
{
	for (unsigned i = 0; i < NUMBER + EXTREMES; i++)
		for (unsigned j = 0; j < NUMBER + EXTREMES; j++) {
			volatile real x = input(i), y = input(j);
			begin();
			volatile real result = function(x, y);
			show(name, x, y, result);
		}
}

static void with_int(const char *name, real (*function)(real, int))
{
	static const int powers[] = { 0, 1, -1, 52, -52, 1023, 1100, -1100, 20000, -20000, 2000000000, -2000000000 };
	for (unsigned i = 0; i < NUMBER + EXTREMES; i++)
		for (unsigned j = 0; j < sizeof(powers) / sizeof(*powers); j++) {
			volatile real x = input(i);
			begin();
			volatile real result = function(x, powers[j]);
			show(name, x, powers[j], result);
		}
}

/* What is an integer is told as it is; conversions that cannot be are any number. */
static void to_integer(const char *name, long (*function)(real))
{
	for (unsigned i = 0; i < NUMBER + EXTREMES; i++) {
		volatile real x = input(i);
		begin();
		volatile long result = function(x);
		int is_invalid = fetestexcept(FE_INVALID) != 0;
		printf("%s(%La) = %ld errno %d invalid %d\n", name, (long double)x, is_invalid ? 0 : result, errno, is_invalid);
	}
}

static long of_ilogb(real x)
{
	return F(ilogb)(x);
}

static void quotients(void)
{
	for (unsigned i = 0; i < NUMBER + EXTREMES; i++)
		for (unsigned j = 0; j < NUMBER + EXTREMES; j++) {
			volatile real x = input(i), y = input(j);
			int quotient = 0;
			begin();
			volatile real result = F(remquo)(x, y, &quotient);
			printf("%d ", isnan(result) ? 0 : quotient % 8);
			errno = 0; /* glibc's remquo sets none for a divisor of 0, ours EDOM as POSIX wants it */
			show("remquo", x, y, result);
		}
}

static void parts(void)
{
	for (unsigned i = 0; i < NUMBER + EXTREMES; i++) {
		volatile real x = input(i), whole = 0, rest;
		int power = 0, sign = 0;
		real integral;
		rest = F(modf)(x, &integral);
		whole = integral;
		printf("modf(%La) = %s %s\n", (long double)x, kind(rest), kind(whole));
		rest = F(frexp)(x, &power);
		printf("frexp(%La) = %s %d\n", (long double)x, kind(rest), isfinite(x) ? power : 0);
		begin();
		rest = JOINED(F(lgamma), _r)(x, &sign);
		printf("%d ", x == 0 || !isfinite(x) ? 0 : sign);
		show("lgamma_r", x, 0, rest);
	}
}

/* Whole numbers of the direction, and FE_INEXACT, which rint raises and the others do not. */
static void integral(const char *name, real (*function)(real))
{
	static const int directions[] = { FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };
	static const double halves[] = { 0.5, -0.5, 1.5, 2.5, -2.5, 0.3, -0.3, 0.7, 1e6 + 0.5, 0x1.fffffep-2 };
	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < sizeof(halves) / sizeof(*halves); j++) {
			volatile real x = (real)halves[j];
			fesetround(directions[i]);
			feclearexcept(FE_ALL_EXCEPT);
			volatile real result = function(x);
			int exceptions = fetestexcept(FE_ALL_EXCEPT);
			fesetround(FE_TONEAREST);
			printf("%s(%a) to %x = %.0Lf, -0 %d, exceptions %x\n", name, halves[j], (unsigned)directions[i], (long double)result,
			       result == 0 && signbit(result), exceptions);
		}
}

typedef real _Complex (*of_complex)(real _Complex);

static void complex_values(const char *name, of_complex function)
{
	for (unsigned i = 0; i < NUMBER; i++)
		for (unsigned j = 0; j < NUMBER; j++) {
			volatile real x = (real)inputs[i], y = (real)inputs[j];
			real _Complex result = function(__builtin_complex((real)x, (real)y));
			volatile real re = __real__ result, im = __imag__ result;
			int has_open_sign = !isfinite(x) || !isfinite(y) || isnan(re) || isnan(im);
			if (has_open_sign) {
				re = F(fabs)(re);
				im = F(fabs)(im);
			}
			printf("%s(%a, %a) = %s %s", name, (double)x, (double)y, kind(re), kind(im));
			printf(isfinite(re) && isfinite(im) ? " %.2Le %.2Le\n" : "\n", (long double)re, (long double)im);
		}
}

int main(void)
{
#define ONE(name, lowest, highest)  of_one(#name, F(name));
#define NEAR(name, lowest, highest) of_one(#name, F(name));
#define TWO(name)                   of_two(#name, F(name));
#define NEW(name, lowest, highest)
#define NEW_TWO(name)
#include "functions.h"
	of_two("fdim", F(fdim));
	of_two("fmax", F(fmax));
	of_two("nextafter", F(nextafter));
	of_two("copysign", F(copysign));
	of_one("logb", F(logb));
	of_one("fabs", F(fabs));
	with_int("ldexp", F(ldexp));
	with_int("scalbn", F(scalbn));
	to_integer("lrint", F(lrint));
	to_integer("lround", F(lround));
	to_integer("ilogb", of_ilogb);
	quotients();
	parts();
	integral("rint", F(rint));
	integral("nearbyint", F(nearbyint));
	integral("floor", F(floor));
	integral("ceil", F(ceil));
	integral("trunc", F(trunc));
	integral("round", F(round));
	integral("roundeven", F(roundeven));
#define COMPLEX(name) complex_values(#name, F(name));
	COMPLEX(cacos) COMPLEX(casin) COMPLEX(catan) COMPLEX(ccos) COMPLEX(csin) COMPLEX(ctan) COMPLEX(cacosh) COMPLEX(casinh)
	COMPLEX(catanh) COMPLEX(ccosh) COMPLEX(csinh) COMPLEX(ctanh) COMPLEX(cexp) COMPLEX(clog) COMPLEX(csqrt) COMPLEX(cproj)
	COMPLEX(conj)
	return 0;
}
