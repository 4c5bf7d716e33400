/* What processes have and an isle's only one can be asked for: its group, its session, its nice value. */
#include <errno.h>
#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

#include "hermit_libc.h"

/* Noted, as the host gives the proxy its share of the CPU and nobody else's work is in the isle. */
static _Atomic int nice_value;

/* A leader of a group makes no session: setsid(2). */
WEAK pid_t setsid(void)
{
	return (pid_t) to_c(-EPERM);
}

/* The only group is the program's own. */
WEAK int setpgid(pid_t pid, pid_t group)
{
	pid_t self = sys_getpid();
	if (group < 0)
		return (int) to_c(-EINVAL);
	if (pid != 0 && pid != self)
		return (int) to_c(-ESRCH);
	return (int) to_c(group == 0 || group == self ? 0 : -EPERM);
}

WEAK pid_t setpgrp(void)
{
	return setpgid(0, 0);
}

/* 0, or a negative error number: there is one process, of user 0. */
static int check(int which, id_t who)
{
	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	return who == 0 || (which != PRIO_USER && who == (id_t) sys_getpid()) ? 0 : -ESRCH;
}

WEAK int getpriority(int which, id_t who)
{
	int result = check(which, who);
	return result < 0 ? (int) to_c(result) : nice_value;
}

static int limited(long value)
{
	return value < -NZERO ? -NZERO : value > NZERO - 1 ? NZERO - 1 : (int) value;
}

WEAK int setpriority(int which, id_t who, int priority)
{
	int result = check(which, who);
	if (result == 0)
		nice_value = limited(priority);
	return (int) to_c(result);
}

WEAK int nice(int increment)
{
	nice_value = limited((long) nice_value + increment);
	return nice_value;
}
