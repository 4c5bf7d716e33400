//# cpus: 1 2 4 66
//# env: OMP_PLACES=cores
//# mem: 2G
//# compare: none
//# stdout: each core is a place, threads are in theirs, moved 0, bind 1\n
/* A team's threads are spread over as many cores as the host has CPUs for them, stay there, and know where: each core is a place. */
#include <hermit/syscall.h>
#include <omp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int are_places(int cores)
{
	int *numbers = calloc(cores, sizeof *numbers), wrong = omp_get_partition_num_places() != cores;
	omp_get_partition_place_nums(numbers);
	for (int place = 0; place < cores; ++place) {
		int core = -1;
		omp_get_place_proc_ids(place, &core);
		wrong += omp_get_place_num_procs(place) != 1 || core != place || numbers[place] != place;
	}
	wrong += omp_get_place_num_procs(cores) != 0 || omp_get_place_num_procs(-1) != 0;
	free(numbers);
	return wrong == 0;
}

int main(void)
{
	int cores = sysconf(_SC_NPROCESSORS_ONLN), cpus = sys_host_cpus(), used[1024] = { 0 }, moved = 0, lost = 0;
	if (omp_get_max_threads() != cores || omp_get_num_procs() != cores || omp_get_num_places() != cores) {
		printf("%d threads, %d processors, %d places, %d cores\n", omp_get_max_threads(), omp_get_num_procs(),
		       omp_get_num_places(), cores);
		return 1;
	}
#pragma omp parallel reduction(+ : moved, lost)
	{
		int core = sched_getcpu();
		char text[12], expected[12];
		snprintf(expected, sizeof expected, "%d", core);
		omp_capture_affinity(text, sizeof text, "%A");
		lost += omp_get_place_num() != core || atoi(text) != core || text[0] != expected[0];
#pragma omp atomic
		++used[core];
		for (int i = 0; i < 100; ++i) {
			sched_yield();
			moved += sched_getcpu() != core;
		}
	}
	for (int core = 0; core < cores; ++core) {
		int least = core < cpus ? cores / cpus : 0, most = core < cpus ? (cores + cpus - 1) / cpus : 0;
		if (used[core] < least || used[core] > most) {
			printf("core %d has %d threads, %d of %d cores have CPUs\n", core, used[core], cpus, cores);
			return 1;
		}
	}
	if (are_places(cores) && lost == 0)
		printf("each core is a place, threads are in theirs, ");
	printf("moved %d, bind %d\n", moved, omp_get_proc_bind());
	return 0;
}
