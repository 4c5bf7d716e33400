/* What `linux` and `go` make alike of Linux's calls by number. Results are Linux's: a value, or a negative error number. */
#ifndef HERMIT_LINUX_CALLS_H
#define HERMIT_LINUX_CALLS_H

#include <sched.h>

#include "hermit_libc.h"

/* sched_getaffinity(2), which tells how many bytes the set has. */
static inline long linux_getaffinity(pid_t thread, size_t bytes, void *set)
{
	cpu_set_t all;
	size_t known = bytes < sizeof(all) ? bytes : sizeof(all);
	if (sched_getaffinity(thread, sizeof(all), &all) < 0)
		return -errno;
	int result = sys_copy(set, &all, known);
	return result < 0 ? result : (long) known;
}

#endif
