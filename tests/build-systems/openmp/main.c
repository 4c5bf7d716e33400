/* One half of a program: the other half is compiled by another compiler. Both must see one runtime: one number of threads,
 * one team, work shared and locks held across the border. */
#include <omp.h>
#include <stdio.h>

void choose_threads(int threads);
long share_work(int *iterations_of);
void count(omp_lock_t *lock, long *counter);

int main(void)
{
	int iterations_of[4] = {0};
	long sum = 0, counter = 0;
	omp_lock_t lock;
	choose_threads(4);
	printf("threads: %d\n", omp_get_max_threads());
#pragma omp parallel reduction(+ : sum)
	sum += share_work(iterations_of);
	printf("shared: %ld by %d %d %d %d\n", sum, iterations_of[0], iterations_of[1], iterations_of[2], iterations_of[3]);
	omp_init_lock(&lock);
#pragma omp parallel
	for (int i = 0; i < 1000; ++i) {
		if (i % 2)
			count(&lock, &counter);
		else {
			omp_set_lock(&lock);
			++counter;
			omp_unset_lock(&lock);
		}
	}
	printf("counted: %ld\n", counter);
	return 0;
}
