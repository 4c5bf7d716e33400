//# env: OMP_NUM_THREADS=4
//# compare: none
//# stdout: at most 2 threads: 1\nat most as many as a variable says: 1\nfirst the task: 7\nabcXYZgh\nno such device: 1\nno such copy: 1\n
/* What target regions on the host still have to heed: thread_limit, dependences; and memory of devices, with its offsets. */
#include <omp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef __OMP_H
#error "not libomp's omp.h"
#endif

int main(void)
{
	int most = 0, value = 0, host = omp_get_initial_device(), none = omp_get_num_devices() + 7;
#pragma omp target map(tofrom : most) thread_limit(2)
	{
#pragma omp parallel reduction(max : most)
		most = omp_get_num_threads();
	}
	printf("at most 2 threads: %d\n", most >= 1 && most <= 2);
	volatile int limit = 3;
#pragma omp target map(tofrom : most) thread_limit(limit)
	{
#pragma omp parallel reduction(max : most)
		most = omp_get_num_threads();
	}
	printf("at most as many as a variable says: %d\n", most >= 1 && most <= 3);

#pragma omp parallel
#pragma omp single
	{
#pragma omp task shared(value) depend(out : value)
		{
			usleep(50000);
			value = 7;
		}
#pragma omp target map(tofrom : value) depend(inout : value)
		printf("first the task: %d\n", value);
#pragma omp taskwait
	}

	char to[] = "abcdefgh", from[] = "..XYZ...";
	omp_target_memcpy(to, from, 3, 3, 2, host, host);
	puts(to);
	printf("no such device: %d\n", omp_target_alloc(16, none) == NULL);
	printf("no such copy: %d\n", omp_target_memcpy(to, from, 1, 0, 0, none, host) != 0);
	return 0;
}
