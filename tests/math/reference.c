/* Compares what values.c wrote with MPFR's results: `reference NUMBER DIRECTION OURS NATIVE` prints a line for each function: its name,
 * how many of our results are not the correctly rounded ones, our largest error in units of the last place, both of glibc. */
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>

#include "types.h"

static const mpfr_rnd_t directions[] = { MPFR_RNDN, MPFR_RNDU, MPFR_RNDD, MPFR_RNDZ };
static unsigned number;
static mpfr_rnd_t direction;
static FILE *files[2];
static mpfr_t x_, y_, rounded, exact, error;

#if defined(FLOAT)
#define GET(value) mpfr_get_flt(value, MPFR_RNDN)
#elif defined(DOUBLE)
#define GET(value) mpfr_get_d(value, MPFR_RNDN)
#else
#define GET(value) mpfr_get_ld(value, MPFR_RNDN)
#endif

typedef int (*of_one_t)(mpfr_t, const mpfr_t, mpfr_rnd_t);
typedef int (*of_two_t)(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);

struct errors {
	unsigned wrong;
	double worst;
};

/* MPFR's functions of other shapes or names. */
static int lgamma_(mpfr_t to, const mpfr_t x, mpfr_rnd_t round)
{
	int sign;
	return mpfr_lgamma(to, &sign, x, round);
}
#define mpfr_lgamma lgamma_
#define mpfr_tgamma mpfr_gamma
#define mpfr_rsqrt  mpfr_rec_sqrt

/* The type's exponents while the rounded result is computed, MPFR's own for the exact one. */
static void set_exponents(int of_type)
{
	mpfr_set_emin(of_type ? LEAST - DIGITS + 1 : mpfr_get_emin_min());
	mpfr_set_emax(of_type ? MOST : mpfr_get_emax_max());
}

static void note(struct errors *errors, real got, real want)
{
	if (memcmp(&got, &want, sizeof(real) == 16 ? 10 : sizeof(real)) == 0 || (isnan(got) && isnan(want)))
		return;
	errors->wrong++;
	if (!isfinite(got) || !isfinite(want) || mpfr_zero_p(exact)) {
		errors->worst = INFINITY;
		return;
	}
	mpfr_set_ld(error, got, MPFR_RNDN);
	mpfr_sub(error, error, exact, MPFR_RNDN);
	long exponent = mpfr_get_exp(exact) < LEAST ? LEAST : mpfr_get_exp(exact);
	mpfr_mul_2si(error, error, DIGITS - exponent, MPFR_RNDN);
	double units = fabs(mpfr_get_d(error, MPFR_RNDN));
	if (units > errors->worst)
		errors->worst = units;
}

/* The next result of each file, against `want`. */
static void compare(struct errors errors[2], int files_with_it, real want)
{
	for (int i = 0; i < files_with_it; i++) {
		real got;
		if (fread(&got, sizeof(got), 1, files[i]) != 1)
			exit(3);
		note(&errors[i], got, want);
	}
}

static void print(const char *name, struct errors errors[2])
{
	printf("%s %u %.3f %u %.3f\n", name, errors[0].wrong, errors[0].worst, errors[1].wrong, errors[1].worst);
}

static void of_one(const char *name, of_one_t function, real lowest, real highest, int is_near, int files_with_it)
{
	struct errors errors[2] = { { 0, 0 } };
	state_of_random = 88172645463325252;
	for (unsigned i = 0; i < number; i++) {
		real x = i % 2 || is_near ? between(lowest, highest) : anywhere();
		set_exponents(0);
		mpfr_set_ld(x_, x, MPFR_RNDN);
		set_exponents(1);
		int ternary = function(rounded, x_, direction);
		mpfr_subnormalize(rounded, ternary, direction);
		real want = GET(rounded);
		set_exponents(0);
		if (direction == MPFR_RNDN && mpfr_number_p(rounded))
			function(exact, x_, MPFR_RNDN);
		compare(errors, files_with_it, want);
	}
	print(name, errors);
}

static void of_two(const char *name, of_two_t function, int files_with_it)
{
	struct errors errors[2] = { { 0, 0 } };
	state_of_random = 88172645463325252;
	for (unsigned i = 0; i < number; i++) {
		real x = i % 2 ? between(0, 10) : anywhere(), y = i % 2 ? between(-10, 10) : anywhere();
		set_exponents(0);
		mpfr_set_ld(x_, x, MPFR_RNDN);
		mpfr_set_ld(y_, y, MPFR_RNDN);
		set_exponents(1);
		int ternary = function(rounded, x_, y_, direction);
		mpfr_subnormalize(rounded, ternary, direction);
		real want = GET(rounded);
		set_exponents(0);
		if (direction == MPFR_RNDN && mpfr_number_p(rounded))
			function(exact, x_, y_, MPFR_RNDN);
		compare(errors, files_with_it, want);
	}
	print(name, errors);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	number = (unsigned)atoi(argv[1]);
	direction = directions[atoi(argv[2])];
	for (int i = 0; i < 2; i++)
		if (!(files[i] = fopen(argv[3 + i], "rb")))
			return 2;
	mpfr_inits2(DIGITS, x_, y_, rounded, (mpfr_ptr)0);
	mpfr_inits2(DIGITS + 40, exact, error, (mpfr_ptr)0);
#define ONE(name, lowest, highest)  of_one(#name, mpfr_##name, lowest, highest, 0, 2);
#define NEAR(name, lowest, highest) of_one(#name, mpfr_##name, lowest, highest, 1, 2);
#define TWO(name)                   of_two(#name, mpfr_##name, 2);
#define NEW(name, lowest, highest)  of_one(#name, mpfr_##name, lowest, highest, 0, 1);
#define NEW_TWO(name)               of_two(#name, mpfr_##name, 1);
#include "functions.h"
	return 0;
}
