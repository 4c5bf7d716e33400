//# cpus: 1 2 4
//# env: OMP_NUM_THREADS=3
/* Untied tasks: they wait, yield and leave children behind as tied ones do. */
#include <omp.h>
#include <stdio.h>

enum { MANY = 3000 };

static long executed;

static long fibonacci(int n)
{
	long left, right;
	if (n < 2)
		return n;
#pragma omp task untied shared(left)
	left = fibonacci(n - 1);
#pragma omp task untied shared(right) if (n % 5)
	right = fibonacci(n - 2);
#pragma omp taskyield
#pragma omp taskwait
	return left + right;
}

static void children_outlive(void)
{
	executed = 0;
#pragma omp parallel
	for (int i = 0; i < MANY; ++i) {
#pragma omp task untied firstprivate(i)
		{
			if (i % 10 == 0) {
#pragma omp task
#pragma omp atomic
				executed += 1000;
			}
#pragma omp task untied
#pragma omp atomic
			++executed;
		}
	}
	printf("children %ld\n", executed);
}

static void loop(void)
{
	executed = 0;
#pragma omp parallel
#pragma omp single
#pragma omp taskloop untied grainsize(7)
	for (int i = 0; i < MANY; ++i)
#pragma omp atomic
		executed += i;
	printf("loop %ld\n", executed);
}

int main(void)
{
	long number = 0;
#pragma omp parallel
#pragma omp single
	number = fibonacci(20);
	printf("number %ld\n", number);
	children_outlive();
	loop();
	return 0;
}
