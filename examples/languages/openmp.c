/* OpenMP: a team of threads adds the numbers up. HERMIT_CPUS says how many cores the isle has. */
#include <omp.h>
#include <stdio.h>

int main(void)
{
	long sum = 0;
	int threads = 0;
	omp_set_num_threads(4);
#pragma omp parallel reduction(+ : sum)
	{
#pragma omp single
		threads = omp_get_num_threads();
#pragma omp for
		for (long i = 1; i <= 1000000; i++)
			sum += i;
	}
	printf("Hello from OpenMP: %d threads, %ld\n", threads, sum);
}
