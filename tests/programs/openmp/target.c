//# env: OMP_NUM_THREADS=4
/* `target` regions run on the cores they stand on: there is no other device, and everything is mapped already. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 1000 };

struct pair {
	int first;
	double second;
};

int main(void)
{
	static double x[N], y[N];
	struct pair pair = { 3, 0.25 };
	int counter = 1;
	for (int i = 0; i < N; ++i)
		x[i] = i;
	printf("devices %d, on the host %d\n", omp_get_num_devices(), omp_is_initial_device());
#pragma omp target map(to : x) map(from : y) firstprivate(pair, counter)
	{
		for (int i = 0; i < N; ++i)
			y[i] = x[i] * pair.first + pair.second;
		pair.first = 99;
		++counter;
	}
	printf("%g %g, unchanged %d %d\n", y[0], y[N - 1], pair.first, counter);
	char name[3] = "ab", tail[5] = "tail";
	double factors[2] = { 2, 3 };
	short odd[3] = { 5, 6, 7 };
#pragma omp target firstprivate(name, factors, tail, odd)
	{
		factors[0] *= 10;
		odd[2] += 10;
		printf("copies %s %g %g %s %d %d %d\n", name, factors[0], factors[1], tail, odd[0], odd[1], odd[2]);
	}
	printf("unchanged %g %d\n", factors[0], odd[2]);
	double sum = 0;
#pragma omp target teams distribute parallel for map(tofrom : sum) reduction(+ : sum)
	for (int i = 0; i < N; ++i)
		sum += y[i];
	printf("sum %g\n", sum);
#pragma omp target data map(tofrom : x)
	{
#pragma omp target
		x[1] = 41;
#pragma omp target update from(x)
		printf("inside %g\n", x[1]);
	}
#pragma omp target enter data map(to : y)
#pragma omp target depend(out : y) nowait
	y[2] = 8;
#pragma omp taskwait
#pragma omp target exit data map(from : y)
	printf("later %g\n", y[2]);
	int *device = omp_target_alloc(64 * sizeof *device, omp_get_initial_device());
	int source[64], back[16] = { 0 };
	for (int i = 0; i < 64; ++i)
		source[i] = i;
	int host = omp_get_initial_device();
	size_t volume[] = { 4, 4 }, from[] = { 2, 3 }, to[] = { 0, 0 }, wide[] = { 8, 8 }, narrow[] = { 4, 4 };
	printf("copy %d", omp_target_memcpy(device, source, sizeof source, 0, 0, host, host));
	printf(" %d:", omp_target_memcpy_rect(back, device, sizeof(int), 2, volume, to, from, narrow, wide, host, host));
	for (int i = 0; i < 16; ++i)
		printf(" %d", back[i]);
	printf("\n");
	omp_target_free(device, host);
	return 0;
}
