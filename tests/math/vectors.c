/* Compares loops over functions on vectors (vector_loops.c, vector_loops.f90) with the functions themselves, which round correctly:
 * `vectors NUMBER` writes a line for every loop that was linked, with the largest error in units in the last place. Compiled without
 * -ffast-math.
 */
#include <stdio.h>
#include <stdlib.h>

#include "types.h"

/* Every second part of the arguments is near only: kernels have a fast way for vectors without large numbers. */
#define IS_NEAR(begin, i) ((begin) / LENGTH % 2 || (i) % 2)

/* No multiple of a vector's length, so that the loops have ends. */
#define LENGTH 1003

static const real specials[] = {
	0, -(real)0, 1, -1, 2, -2, (real)0.5, INFINITY, -INFINITY, NAN, (real)1e-30, -(real)1e-30, (real)1e30, 88, -88, 89, -104, 127, -126,
	709, -709, 710, -746, 1023, 1024, -1022, -1074, 308, -308, 27, 1000000, (real)3.14159265358979, (real)1.5707963267948966,
};
#define SPECIALS (int)(sizeof(specials) / sizeof(specials[0]))

static real x[LENGTH], y[LENGTH], result[LENGTH];

/* The distance of two results. What lies beyond the largest number counts as the power of 2 behind it. */
static double error(real ours, real exact)
{
	if (isnan(ours) || isnan(exact))
		return isnan(ours) && isnan(exact) ? 0 : INFINITY;
	if (ours == exact)
		return 0;
	real most = F(scalbn)(1, MOST - 1);
	long double a = isinf(ours) ? copysignl(2 * (long double)most, ours) : ours;
	long double b = isinf(exact) ? copysignl(2 * (long double)most, exact) : exact;
	int exponent = exact == 0 ? LEAST - 1 : ilogbl(b);
	if (exponent < LEAST - 1)
		exponent = LEAST - 1;
	return (double)fabsl(scalbnl(a - b, DIGITS - 1 - exponent));
}

static void compare(const char *name, int i, real exact, double *worst)
{
	double distance = error(result[i], exact);
	if (distance > 4)
		printf("wrong: %s(%a, %a) = %a, not %a\n", name, (double)x[i], (double)y[i], (double)result[i], (double)exact);
	if (distance > *worst)
		*worst = distance;
}

static void of_one(const char *name, void (*loop)(const real *, real *, int), real (*function)(real), real lowest, real highest, int number)
{
	double worst = 0;
	if (!loop)
		return;
	memset(y, 0, sizeof(y));
	for (int begin = 0; begin < number; begin += LENGTH) {
		for (int i = 0; i < LENGTH; i++)
			x[i] = begin == 0 && i < SPECIALS ? specials[i] : IS_NEAR(begin, i) ? between(lowest, highest) : anywhere();
		loop(x, result, LENGTH);
		for (int i = 0; i < LENGTH; i++)
			compare(name, i, function(x[i]), &worst);
	}
	printf("%s %.2f\n", name, worst);
}

static void of_two(const char *name, void (*loop)(const real *, const real *, real *, int), real (*function)(real, real), int number)
{
	double worst = 0;
	if (!loop)
		return;
	for (int begin = 0; begin < number; begin += LENGTH) {
		for (int i = 0; i < LENGTH; i++) {
			x[i] = IS_NEAR(begin, i) ? between(0, 10) : anywhere();
			y[i] = IS_NEAR(begin, i) ? between(-10, 10) : anywhere();
			if (begin < SPECIALS * LENGTH && i < SPECIALS) {
				x[i] = specials[begin / LENGTH];
				y[i] = specials[i];
			}
		}
		loop(x, y, result, LENGTH);
		for (int i = 0; i < LENGTH; i++)
			compare(name, i, function(x[i], y[i]), &worst);
	}
	printf("%s %.2f\n", name, worst);
}

/* gfortran and clang have not all of them. */
#define ONE(name, lowest, highest) extern void F(loop_##name)(const real *, real *, int) __attribute__((weak));
#define TWO(name)                  extern void F(loop_##name)(const real *, const real *, real *, int) __attribute__((weak));
#include "vector_functions.h"
#undef ONE
#undef TWO

int main(int argc, char **argv)
{
	int number = argc > 1 ? atoi(argv[1]) : 100000;
	state_of_random = 88172645463325252;
#define ONE(name, lowest, highest) of_one(#name, F(loop_##name), F(name), lowest, highest, number);
#define TWO(name)                  of_two(#name, F(loop_##name), F(name), number);
#include "vector_functions.h"
	return fflush(stdout) != 0;
}
