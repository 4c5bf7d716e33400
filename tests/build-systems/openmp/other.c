/* The other half: its constructs bind to the team of the caller, which another compiler made. */
#include <omp.h>

void choose_threads(int threads)
{
	omp_set_dynamic(0);
	omp_set_num_threads(threads);
}

long share_work(int *iterations_of)
{
	long sum = 0;
#pragma omp for schedule(static)
	for (int i = 1; i <= 1000; ++i) {
		sum += i;
		++iterations_of[omp_get_thread_num()];
	}
#pragma omp single
#pragma omp task shared(sum)
	sum += 0;
#pragma omp barrier
	return sum;
}

void count(omp_lock_t *lock, long *counter)
{
	omp_set_lock(lock);
	++*counter;
	omp_unset_lock(lock);
}
