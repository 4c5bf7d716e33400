//# cpus: 1 2 4 66
//# env: OMP_PROC_BIND=close
//# env: OMP_PLACES=cores
//# mem: 2G
//# compare: none
//# stdout: places 0, moved 0\n
/* A team has a thread on each vCPU and stays there; OMP_PLACES and OMP_PROC_BIND are accepted and change nothing. */
#include <omp.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	int cores = sysconf(_SC_NPROCESSORS_ONLN), used[1024] = { 0 }, moved = 0;
	if (omp_get_max_threads() != cores || omp_get_num_procs() != cores) {
		printf("%d threads, %d processors, %d cores\n", omp_get_max_threads(), omp_get_num_procs(), cores);
		return 1;
	}
#pragma omp parallel reduction(+ : moved)
	{
		int core = sched_getcpu();
#pragma omp atomic
		++used[core];
		for (int i = 0; i < 100; ++i) {
			sched_yield();
			moved += sched_getcpu() != core;
		}
	}
	for (int core = 0; core < cores; ++core)
		if (used[core] != 1) {
			printf("core %d has %d threads\n", core, used[core]);
			return 1;
		}
	printf("places %d, moved %d\n", omp_get_num_places(), moved);
	return moved != 0 || omp_get_num_places() != 0;
}
