//# cpus: 1
//# env: OMP_DISPLAY_AFFINITY=true
//# env: OMP_AFFINITY_FORMAT=thread %n of %N on %A
//# compare: none
//# stdout: thread 0 of 1 on 0\nplace 0, bind 0\n
/* OMP_DISPLAY_AFFINITY says on which core a thread is, also where nobody has asked for places. */
#include <omp.h>
#include <stdio.h>

int main(void)
{
#pragma omp parallel
	printf("place %d, bind %d\n", omp_get_place_num(), omp_get_proc_bind());
	return 0;
}
