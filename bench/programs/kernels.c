/* What OpenMP is used for, each verified: kernels stream|matrix|fft|sparse|tasks.
 *
 * A figure is the best time of one execution; a wrong result ends the program with status 1.
 */
#include <complex.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "figure.h"

/* As stream.c of J. D. McCalpin measures it: arrays far larger than the caches. */
enum { STREAM_DOUBLES = 1 << 23, STREAM_REPEATS = 12 };

static void *allocate(size_t bytes)
{
	void *memory = malloc(bytes);
	must(memory != NULL, "malloc");
	return memory;
}

#define KERNEL(label, repeats, statement)                                      \
	do {                                                                   \
		double best = 1e300;                                           \
		for (int repeat = 0; repeat < (repeats); ++repeat) {           \
			double start = now_ns();                               \
			statement;                                             \
			best = smaller(best, now_ns() - start);                \
		}                                                              \
		print_figure(label, best);                                     \
	} while (0)

static void stream_copy(double *c, const double *a)
{
#pragma omp parallel for
	for (long i = 0; i < STREAM_DOUBLES; ++i)
		c[i] = a[i];
}

static void stream_scale(double *b, const double *c)
{
#pragma omp parallel for
	for (long i = 0; i < STREAM_DOUBLES; ++i)
		b[i] = 3.0 * c[i];
}

static void stream_add(double *c, const double *a, const double *b)
{
#pragma omp parallel for
	for (long i = 0; i < STREAM_DOUBLES; ++i)
		c[i] = a[i] + b[i];
}

static void stream_triad(double *a, const double *b, const double *c)
{
#pragma omp parallel for
	for (long i = 0; i < STREAM_DOUBLES; ++i)
		a[i] = b[i] + 3.0 * c[i];
}

static void stream(void)
{
	double *a = allocate(STREAM_DOUBLES * sizeof *a);
	double *b = allocate(STREAM_DOUBLES * sizeof *b);
	double *c = allocate(STREAM_DOUBLES * sizeof *c);
#pragma omp parallel for
	for (long i = 0; i < STREAM_DOUBLES; ++i) {
		a[i] = 1.0;
		b[i] = 2.0;
		c[i] = 0.0;
	}
	KERNEL("copy", STREAM_REPEATS, stream_copy(c, a));
	KERNEL("scale", STREAM_REPEATS, stream_scale(b, c));
	KERNEL("add", STREAM_REPEATS, stream_add(c, a, b));
	KERNEL("triad", STREAM_REPEATS, stream_triad(a, b, c));
	/* a = 1, c = a, b = 3 c, c = a + b, a = b + 3 c */
	for (long i = 0; i < STREAM_DOUBLES; ++i)
		must(a[i] == 15.0 && b[i] == 3.0 && c[i] == 4.0, "stream");
	free(a);
	free(b);
	free(c);
}

enum { MATRIX = 512, BLOCK = 64 };

static void multiply(double (*restrict c)[MATRIX], double (*restrict a)[MATRIX], double (*restrict b)[MATRIX])
{
#pragma omp parallel for
	for (int i0 = 0; i0 < MATRIX; i0 += BLOCK)
		for (int k0 = 0; k0 < MATRIX; k0 += BLOCK)
			for (int i = i0; i < i0 + BLOCK; ++i)
				for (int k = k0; k < k0 + BLOCK; ++k)
					for (int j = 0; j < MATRIX; ++j)
						c[i][j] += a[i][k] * b[k][j];
}

static void matrix(void)
{
	size_t bytes = sizeof(double[MATRIX][MATRIX]);
	double (*a)[MATRIX] = allocate(bytes), (*b)[MATRIX] = allocate(bytes), (*c)[MATRIX] = allocate(bytes);
	for (int i = 0; i < MATRIX; ++i)
		for (int j = 0; j < MATRIX; ++j) {
			a[i][j] = i == j ? 2.0 : 0.0;
			b[i][j] = i + j;
		}
	KERNEL("matrix", 8, (memset(c, 0, bytes), multiply(c, a, b)));
	for (int i = 0; i < MATRIX; ++i)
		for (int j = 0; j < MATRIX; ++j)
			must(c[i][j] == 2.0 * (i + j), "matrix");
	free(a);
	free(b);
	free(c);
}

enum { FFT_LOG2 = 18, FFT_POINTS = 1 << FFT_LOG2 };

static unsigned reversed(unsigned i)
{
	unsigned result = 0;
	for (int bit = 0; bit < FFT_LOG2; ++bit)
		result |= (i >> bit & 1) << (FFT_LOG2 - 1 - bit);
	return result;
}

/* Radix 2, decimation in time; the roots are those of exp(sign 2 pi i / FFT_POINTS). */
static void fft(double complex *to, const double complex *from, const double complex *roots)
{
#pragma omp parallel
	{
#pragma omp for
		for (int i = 0; i < FFT_POINTS; ++i)
			to[reversed(i)] = from[i];
		for (int half = 1; half < FFT_POINTS; half *= 2) {
#pragma omp for
			for (int pair = 0; pair < FFT_POINTS / 2; ++pair) {
				int at = pair / half * 2 * half + pair % half;
				double complex odd = roots[pair % half * (FFT_POINTS / 2 / half)] * to[at + half];
				to[at + half] = to[at] - odd;
				to[at] += odd;
			}
		}
	}
}

static void transform(void)
{
	size_t bytes = FFT_POINTS * sizeof(double complex);
	double complex *signal = allocate(bytes), *spectrum = allocate(bytes), *back = allocate(bytes);
	double complex *roots = allocate(bytes / 2), *inverse = allocate(bytes / 2);
	for (int i = 0; i < FFT_POINTS; ++i)
		signal[i] = sin(0.001 * i) + 0.5 * cos(0.37 * i) * I;
	for (int i = 0; i < FFT_POINTS / 2; ++i) {
		roots[i] = cexp(-2 * M_PI * I * i / FFT_POINTS);
		inverse[i] = conj(roots[i]);
	}
	KERNEL("fft", 8, fft(spectrum, signal, roots));
	fft(back, spectrum, inverse);
	for (int i = 0; i < FFT_POINTS; ++i)
		must(cabs(back[i] / FFT_POINTS - signal[i]) < 1e-9, "fft");
	free(signal);
	free(spectrum);
	free(back);
	free(roots);
	free(inverse);
}

enum { GRID = 700, ROWS = GRID * GRID };

/* The five-point Laplacian in compressed rows times a vector of ones: what is missing at the border remains. */
static void sparse(void)
{
	int *first = allocate((ROWS + 1) * sizeof *first), *column = allocate(5 * ROWS * sizeof *column);
	double *value = allocate(5 * ROWS * sizeof *value);
	double *x = allocate(ROWS * sizeof *x), *y = allocate(ROWS * sizeof *y);
	int entries = 0;
	for (int row = 0; row < ROWS; ++row) {
		int i = row / GRID, j = row % GRID;
		int neighbours[] = { i > 0 ? row - GRID : -1, j > 0 ? row - 1 : -1, row, j < GRID - 1 ? row + 1 : -1,
				     i < GRID - 1 ? row + GRID : -1 };
		first[row] = entries;
		for (int k = 0; k < 5; ++k)
			if (neighbours[k] >= 0) {
				column[entries] = neighbours[k];
				value[entries++] = neighbours[k] == row ? 4.0 : -1.0;
			}
		x[row] = 1.0;
	}
	first[ROWS] = entries;
	KERNEL("sparse", 20, {
		_Pragma("omp parallel for schedule(static)") for (int row = 0; row < ROWS; ++row)
		{
			double sum = 0;
			for (int k = first[row]; k < first[row + 1]; ++k)
				sum += value[k] * x[column[k]];
			y[row] = sum;
		}
	});
	for (int row = 0; row < ROWS; ++row) {
		int i = row / GRID, j = row % GRID;
		must(y[row] == (i == 0) + (i == GRID - 1) + (j == 0) + (j == GRID - 1), "sparse");
	}
	free(first);
	free(column);
	free(value);
	free(x);
	free(y);
}

static long fibonacci(int n)
{
	long a, b;
	if (n < 2)
		return n;
	if (n < 12)
		return fibonacci(n - 1) + fibonacci(n - 2);
#pragma omp task shared(a)
	a = fibonacci(n - 1);
	b = fibonacci(n - 2);
#pragma omp taskwait
	return a + b;
}

static void tasks(void)
{
	long result = 0;
	KERNEL("tasks", 8, {
		_Pragma("omp parallel") _Pragma("omp single") result = fibonacci(30);
	});
	must(result == 832040, "tasks");
}

int main(int argc, char **argv)
{
	const char *kernel = argc == 2 ? argv[1] : "";
	if (strcmp(kernel, "stream") == 0)
		stream();
	else if (strcmp(kernel, "matrix") == 0)
		matrix();
	else if (strcmp(kernel, "fft") == 0)
		transform();
	else if (strcmp(kernel, "sparse") == 0)
		sparse();
	else if (strcmp(kernel, "tasks") == 0)
		tasks();
	else
		return 2;
	return 0;
}
