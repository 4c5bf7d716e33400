/* <sched.h>. */
#include <sched.h>

#include "hermit_libc.h"

WEAK int sched_yield(void)
{
	sys_yield();
	return 0;
}

WEAK int sched_getcpu(void)
{
	return sys_get_core_id();
}

/* The kernel's priorities, for every policy that POSIX requires. */
WEAK int sched_get_priority_max(int policy)
{
	if (policy < SCHED_OTHER || policy > SCHED_RR) {
		errno = EINVAL;
		return -1;
	}
	return policy == SCHED_OTHER ? 0 : 31;
}

WEAK int sched_get_priority_min(int policy)
{
	if (policy < SCHED_OTHER || policy > SCHED_RR) {
		errno = EINVAL;
		return -1;
	}
	return policy == SCHED_OTHER ? 0 : 1;
}
