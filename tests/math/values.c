/* Writes results of libm's functions as they are in memory: `values NUMBER DIRECTION`, in an isle `values NUMBER DIRECTION plain` as
 * well, which are those on a CPU without fused multiply-add. Compiled for an isle and natively; the program
 * reference.c computes the same with MPFR. NATIVE leaves out what glibc 2.36 does not have. */
#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __hermit__
#include <hermit/syscall.h>
extern uint32_t __hermit_cpu;
#endif

#include "types.h"

static const int directions[] = { FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };
static unsigned number;
static int direction;

/* Ten bytes of a long double count. */
static void put(real value)
{
	char bytes[sizeof(real)] = { 0 };
	memcpy(bytes, &value, sizeof(real) == 16 ? 10 : sizeof(real));
	fwrite(bytes, sizeof(bytes), 1, stdout);
}

static void of_one(real (*function)(real), real lowest, real highest, int is_near)
{
	state_of_random = 88172645463325252;
	for (unsigned i = 0; i < number; i++) {
		volatile real x = i % 2 || is_near ? between(lowest, highest) : anywhere();
		fesetround(direction);
		volatile real result = function(x);
		fesetround(FE_TONEAREST);
		put(result);
	}
}

static void of_two(real (*function)(real, real))
{
	state_of_random = 88172645463325252;
	for (unsigned i = 0; i < number; i++) {
		volatile real x = i % 2 ? between(0, 10) : anywhere(), y = i % 2 ? between(-10, 10) : anywhere();
		fesetround(direction);
		volatile real result = function(x, y);
		fesetround(FE_TONEAREST);
		put(result);
	}
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
#ifdef __hermit__
	if (argc > 3)
		__hermit_cpu &= ~HERMIT_CPU_FMA;
#endif
	number = (unsigned)atoi(argv[1]);
	direction = directions[atoi(argv[2])];
#define ONE(name, lowest, highest)  of_one(F(name), lowest, highest, 0);
#define NEAR(name, lowest, highest) of_one(F(name), lowest, highest, 1);
#define TWO(name)                   of_two(F(name));
#ifdef NATIVE
#define NEW(name, lowest, highest)
#define NEW_TWO(name)
#else
#define NEW     ONE
#define NEW_TWO TWO
#endif
#include "functions.h"
	of_one(F(floor), -10, 10, 0);
	of_one(F(ceil), -10, 10, 0);
	of_one(F(trunc), -10, 10, 0);
	of_one(F(round), -10, 10, 0);
	of_one(F(roundeven), -10, 10, 0);
	of_one(F(rint), -10, 10, 0);
	of_one(F(nearbyint), -10, 10, 0);
	return fflush(stdout) != 0;
}
