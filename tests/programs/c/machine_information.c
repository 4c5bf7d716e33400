//# isles: process
/* What is told of the machine, which is another one in virtual machines: sysinfo, getloadavg, nice values, groups of processes, the caches of the CPU. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	struct sysinfo info;
	double loads[3];
	SHOW(sysinfo(&info));
	printf("%d %d %d\n", info.mem_unit, info.totalram > 0 && info.freeram <= info.totalram, info.uptime > 0);
	SHOW(getloadavg(loads, 3));
	SHOW(getpriority(PRIO_PROCESS, 0) == nice(0));
	SHOW(setpriority(PRIO_PROCESS, 0, 19)); /* whatever it was: nobody needs rights for that */
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(nice(5));
	SHOW(setpriority(7, 0, 0));
	SHOW(getpriority(7, 0));
	SHOW(getpgid(0) == getpgrp());
	long size = sysconf(_SC_LEVEL1_DCACHE_SIZE), line = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
	printf("%ld %ld %ld\n", size, line, sysconf(_SC_LEVEL1_DCACHE_ASSOC));
	char name[L_ctermid];
	printf("%s %s\n", ctermid(NULL), ctermid(name));
	return 0;
}
