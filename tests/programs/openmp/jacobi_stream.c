//# cpus: 1 2 4
//# libs: -lm
/* What OpenMP is mostly used for: vectors in the manner of STREAM, and Laplace's equation by Jacobi's method. The same in C++ and
   Fortran: cxx/openmp_jacobi_stream, fortran/openmp_jacobi_stream. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

enum { LENGTH = 1 << 20, GRID = 200, SWEEPS = 300 };

static void stream(void)
{
	double *a = malloc(LENGTH * sizeof *a), *b = malloc(LENGTH * sizeof *b), *c = malloc(LENGTH * sizeof *c);
	long wrong = 0;
#pragma omp parallel for
	for (long i = 0; i < LENGTH; ++i)
		a[i] = i, b[i] = 2, c[i] = 0;
	for (int repeat = 0; repeat < 3; ++repeat) {
#pragma omp parallel for
		for (long i = 0; i < LENGTH; ++i)
			c[i] = a[i];
#pragma omp parallel for
		for (long i = 0; i < LENGTH; ++i)
			b[i] = 3 * c[i];
#pragma omp parallel for
		for (long i = 0; i < LENGTH; ++i)
			c[i] = a[i] + b[i];
#pragma omp parallel for schedule(dynamic, 4096)
		for (long i = 0; i < LENGTH; ++i)
			a[i] = b[i] + 3 * c[i];
	}
#pragma omp parallel for reduction(+ : wrong)
	for (long i = 0; i < LENGTH; ++i)
		wrong += a[i] != 3375.0 * i;
	printf("stream: %ld wrong\n", wrong);
	free(a);
	free(b);
	free(c);
}

static double now[GRID][GRID], next[GRID][GRID];

static void jacobi(void)
{
	double change = 0;
	for (int i = 0; i < GRID; ++i)
		now[0][i] = next[0][i] = 1;
	for (int sweep = 0; sweep < SWEEPS; ++sweep) {
		change = 0;
#pragma omp parallel
		{
#pragma omp for reduction(max : change)
			for (int i = 1; i < GRID - 1; ++i)
				for (int j = 1; j < GRID - 1; ++j) {
					next[i][j] = (now[i - 1][j] + now[i + 1][j] + now[i][j - 1] + now[i][j + 1]) / 4;
					change = fmax(change, fabs(next[i][j] - now[i][j]));
				}
#pragma omp for collapse(2) schedule(guided)
			for (int i = 1; i < GRID - 1; ++i)
				for (int j = 1; j < GRID - 1; ++j)
					now[i][j] = next[i][j];
		}
	}
	printf("jacobi: %.17g, still %.17g\n", now[GRID / 4][GRID / 2], change);
}

int main(void)
{
	stream();
	jacobi();
	return 0;
}
