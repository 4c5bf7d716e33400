//# cpus: 1 2 4
//# cflags: -pthread
//# libs: -lm
/* The original's jacobi with four threads: solves 128 x 128 and compares every x with 1.0. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>

enum { SIZE = 128, THREADS = 4, ROWS = SIZE / THREADS };

static double a[SIZE][SIZE], b[SIZE], x[2][SIZE], step[THREADS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_here = PTHREAD_COND_INITIALIZER;
static int here, generation;

static void meet(void)
{
	pthread_mutex_lock(&mutex);
	int mine = generation;
	if (++here == THREADS) {
		here = 0;
		generation++;
		pthread_cond_broadcast(&all_here);
	}
	while (mine == generation)
		pthread_cond_wait(&all_here, &mutex);
	pthread_mutex_unlock(&mutex);
}

static double sweep(int first, const double *from, double *to)
{
	double largest = 0;
	for (int i = first; i < first + ROWS; i++) {
		double rest = b[i];
		for (int j = 0; j < SIZE; j++)
			rest -= i == j ? 0 : a[i][j] * from[j];
		to[i] = rest / a[i][i];
		largest = fmax(largest, fabs(to[i] - from[i]));
	}
	return largest;
}

static void *solve(void *argument)
{
	long id = (long)argument, iterations = 0;
	double largest;
	do {
		const long source = iterations++ % 2;
		step[id] = sweep((int)id * ROWS, x[source], x[1 - source]);
		meet();
		largest = 0;
		for (int i = 0; i < THREADS; i++)
			largest = fmax(largest, step[i]);
		meet();
	} while (largest > 1e-12 && iterations < 10000);
	return (void *)iterations;
}

int main(void)
{
	unsigned seed = 1;
	for (int i = 0; i < SIZE; i++) {
		for (int j = 0; j < SIZE; j++) {
			seed = seed * 1103515245 + 12345;
			a[i][j] = i == j ? SIZE : (seed >> 16) % 1000 / 1100.0;
			b[i] += a[i][j];
		}
	}
	pthread_t threads[THREADS];
	void *iterations = NULL;
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, solve, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], &iterations);
	double error = 0;
	for (int i = 0; i < SIZE; i++)
		error = fmax(error, fabs(x[(long)iterations % 2][i] - 1.0));
	printf("iterations %ld, error small %d\n", (long)iterations, error < 1e-9);
	return 0;
}
