//# cpus: 1 2 4
//# env: OMP_NUM_THREADS=4
//# env: OMP_SCHEDULE=guided,3
//# env: OMP_CANCELLATION=true
/* OpenMP's constructs do what they do on Linux: teams, work sharing, reductions, locks, tasks, cancellation. */
#include <omp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { N = 10000 };

static int seen[64];
static long own;
#pragma omp threadprivate(own)

static void teams(void)
{
	memset(seen, 0, sizeof seen);
#pragma omp parallel
	{
#pragma omp atomic
		++seen[omp_get_thread_num()];
#pragma omp single
		printf("team of %d, level %d\n", omp_get_num_threads(), omp_get_level());
	}
	for (int i = 0; i < 5; ++i)
		printf("thread %d: %d times\n", i, seen[i]);
	omp_set_max_active_levels(2);
	int inner = 0;
#pragma omp parallel num_threads(2) reduction(+ : inner)
#pragma omp parallel num_threads(3) reduction(+ : inner)
	inner += 100 * omp_get_ancestor_thread_num(1) + omp_get_thread_num();
	printf("nested: %d\n", inner);
	own = 7;
#pragma omp parallel copyin(own)
	own += omp_get_thread_num();
	long sum = 0;
#pragma omp parallel reduction(+ : sum)
	sum += own;
	printf("threadprivate: %ld\n", sum);
}

static void loops(void)
{
	static int hits[N];
	long sum = 0;
	double product = 1;
	int most = -1, mask = -1;
#pragma omp parallel for reduction(+ : sum)
	for (int i = 0; i < N; ++i)
		sum += i;
#pragma omp parallel for schedule(dynamic, 7) reduction(max : most) reduction(& : mask)
	for (int i = 0; i < N; ++i) {
		most = i * 3 % N > most ? i * 3 % N : most;
		mask &= i | 0xf0000;
	}
#pragma omp parallel for schedule(guided) reduction(* : product)
	for (int i = 0; i < 20; ++i)
		product *= 2;
#pragma omp parallel for schedule(runtime)
	for (int i = 0; i < N; ++i)
		++hits[i];
#pragma omp parallel for collapse(2) schedule(static, 5)
	for (int i = 0; i < 100; ++i)
		for (int k = 0; k < 100; ++k)
			++hits[100 * i + k];
	int once = 0;
	for (int i = 0; i < N; ++i)
		once += hits[i] == 2;
	printf("loops: %ld %d %x %g %d\n", sum, most, mask, product, once);
	int last = -1;
#pragma omp parallel for lastprivate(last)
	for (int i = 0; i < 1000; ++i)
		last = i;
	printf("ordered:");
#pragma omp parallel for ordered schedule(dynamic)
	for (int i = 0; i < 10; ++i) {
#pragma omp ordered
		printf(" %d", i);
	}
	printf("; last %d\n", last);
	static int cells[64];
#pragma omp parallel for ordered(1)
	for (int i = 1; i < 64; ++i) {
#pragma omp ordered depend(sink : i - 1)
		cells[i] = cells[i - 1] + i;
#pragma omp ordered depend(source)
	}
	printf("doacross: %d\n", cells[63]);
}

static void exclusion(void)
{
	long counted = 0, locked = 0, nested = 0, atomics = 0;
	omp_lock_t lock;
	omp_nest_lock_t nest;
	omp_init_lock(&lock);
	omp_init_nest_lock(&nest);
#pragma omp parallel
	for (int i = 0; i < 1000; ++i) {
#pragma omp critical(one)
		++counted;
		omp_set_lock(&lock);
		++locked;
		omp_unset_lock(&lock);
		omp_set_nest_lock(&nest);
		omp_set_nest_lock(&nest);
		++nested;
		omp_unset_nest_lock(&nest);
		omp_unset_nest_lock(&nest);
#pragma omp atomic
		++atomics;
	}
	printf("exclusion: %ld %ld %ld %ld, free %d\n", counted, locked, nested, atomics, omp_test_lock(&lock));
	omp_unset_lock(&lock);
	omp_destroy_lock(&lock);
	omp_destroy_nest_lock(&nest);
	int a = 0, b = 0, copied = 0;
#pragma omp parallel sections
	{
#pragma omp section
		a = 1;
#pragma omp section
		b = 2;
	}
#pragma omp parallel reduction(+ : copied)
	{
		int value = 0;
#pragma omp single copyprivate(value)
		value = 5;
		copied += value;
	}
	printf("sections: %d, copyprivate: %d\n", a + b, copied);
}

static long fibonacci(int n)
{
	long a, b;
	if (n < 2)
		return n;
#pragma omp task shared(a) if (n > 10)
	a = fibonacci(n - 1);
#pragma omp task shared(b) if (n > 10)
	b = fibonacci(n - 2);
#pragma omp taskwait
	return a + b;
}

static void tasks(void)
{
	long result = 0, sum = 0;
	int chain = 1;
#pragma omp parallel
#pragma omp single
	result = fibonacci(20);
#pragma omp parallel
#pragma omp single
	{
#pragma omp task depend(out : chain)
		chain = 2;
#pragma omp task depend(inout : chain)
		chain = chain * 10;
#pragma omp task depend(inout : chain)
		chain = chain + 3;
#pragma omp taskgroup
		{
#pragma omp taskloop grainsize(10)
			for (int i = 0; i < 1000; ++i) {
#pragma omp atomic
				sum += i;
			}
		}
		printf("taskloop: %ld\n", sum);
	}
	long reduced = 0;
#pragma omp parallel reduction(task, + : reduced)
#pragma omp single
	for (int i = 0; i < 50; ++i) {
#pragma omp task in_reduction(+ : reduced)
		reduced += i;
	}
	printf("tasks: %ld, chain %d, reduction %ld\n", result, chain, reduced);
}

static void cancellation(void)
{
	int found = -1;
	long done = 0;
#pragma omp parallel reduction(+ : done)
	{
#pragma omp for schedule(dynamic, 1)
		for (int i = 0; i < 100000; ++i) {
			++done;
			if (i == 50) {
				found = i;
#pragma omp cancel for
			}
#pragma omp cancellation point for
		}
	}
	printf("cancelled: found %d, early %d\n", found, done < 100000);
}

int main(void)
{
	double start = omp_get_wtime();
	printf("at most %d threads, %d levels\n", omp_get_max_threads(), omp_get_level());
	teams();
	loops();
	exclusion();
	tasks();
	cancellation();
	printf("time passes: %d, ticks: %d\n", omp_get_wtime() > start, omp_get_wtick() > 0);
	return 0;
}
