/* Functions on vectors, under the names that gcc and clang call: the vector ABI for x86-64, which glibc's libmvec has as well
 * (_ZGVdN4v_sin is sin of 4 numbers for AVX2). Compiled for every set of instructions (xtask/src/steps/libc/vector.rs) with SLEEF's
 * source inside, of which only what is called remains.
 *
 * No result is off by more than 4 units in the last place. Only loops compiled with -ffast-math call them (<machine/fastmath.h>).
 *
 * FLOAT: numbers are float. LETTER: the ABI's for the set of instructions. LANES: how many numbers are in a vector.
 */
#include "misc.h"

#undef EXPORT
#define EXPORT static __attribute__((unused))

#ifdef FLOAT
#include "sleefsimdsp.c"
#define VECTOR            vfloat
#define SLEEF(name, exact) x##name##f##exact
#define NAME(name)        name##f
#else
#include "sleefsimddp.c"
#define VECTOR            vdouble
#define SLEEF(name, exact) x##name##exact
#define NAME(name)        name
#endif

#define JOINED_(a, b, c, d, e) a##b##N##c##d##e
#define JOINED(a, b, c, d, e)  JOINED_(a, b, c, d, e)
#define OF_ONE(name)           JOINED(_ZGV, LETTER, LANES, v_, NAME(name))
#define OF_TWO(name)           JOINED(_ZGV, LETTER, LANES, vv_, NAME(name))

#include "vector_kernels.h"

#define OF_ONE_BY(name, function)                  \
	VECTOR OF_ONE(name)(VECTOR x)                  \
	{                                              \
		return function(x);                        \
	}
#define OF_TWO_BY(name, function)                  \
	VECTOR OF_TWO(name)(VECTOR x, VECTOR y)        \
	{                                              \
		return function(x, y);                     \
	}

/* SLEEF's; `exact` is the end of its name, a bound of the error in tenths of a unit in the last place. */
#define ONE(name, exact) OF_ONE_BY(name, SLEEF(name, exact))
#define TWO(name, exact) OF_TWO_BY(name, SLEEF(name, exact))

/* Ours. */
#define OWN(name)     OF_ONE_BY(name, own_##name)
#define OWN_TWO(name) OF_TWO_BY(name, own_##name)

OWN(sin)
OWN(cos)
OWN(tan)
ONE(asin, )
ONE(acos, )
ONE(atan, )
TWO(atan2, )
OWN(exp)
OWN(exp2)
OWN(exp10)
OWN(expm1)
OWN(log)
OWN(log2)
OWN(log10)
OWN(log1p)
TWO(pow, )
OWN(sinh)
OWN(cosh)
OWN(tanh)
OWN(asinh)
OWN(acosh)
OWN(atanh)
OWN(cbrt)
OWN_TWO(hypot)
OWN(erf)
OWN(erfc)
