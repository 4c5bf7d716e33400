/* A loop over each function that libm has for vectors. Compiled with -ffast-math, so that the compiler makes them of vectors; vectors.c
 * calls them.
 */
#define _GNU_SOURCE
#include "types.h"

#define ONE(name, lowest, highest)                                      \
	void F(loop_##name)(const real *x, real *restrict result, int n)    \
	{                                                                   \
		for (int i = 0; i < n; i++)                                     \
			result[i] = F(name)(x[i]);                                  \
	}
#define TWO(name)                                                                      \
	void F(loop_##name)(const real *x, const real *y, real *restrict result, int n)    \
	{                                                                                  \
		for (int i = 0; i < n; i++)                                                    \
			result[i] = F(name)(x[i], y[i]);                                           \
	}
#include "vector_functions.h"
