/* What the machine has and how busy it is: sysinfo(2), getloadavg(3). */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sysinfo.h>

#include "hermit_libc.h"

/* The host's load. */
WEAK int getloadavg(double loads[], int count)
{
	char text[128];
	int fd = sys_open("/proc/loadavg", O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	long len = sys_read(fd, text, sizeof(text) - 1);
	sys_close(fd);
	if (len <= 0)
		return -1;
	text[len] = '\0';
	char *at = text;
	int told = 0;
	for (; told < count && told < 3; ++told) {
		char *end;
		loads[told] = strtod(at, &end);
		if (end == at)
			break;
		at = end;
	}
	return told;
}

/* Memory is the isle's own; the time since the start and the load are the host's. */
WEAK int sysinfo(struct sysinfo *info)
{
	struct timespec up;
	double loads[3] = {0, 0, 0};
	getloadavg(loads, 3);
	*info = (struct sysinfo){.totalram = (unsigned long) sys_memory_total(), .freeram = (unsigned long) sys_memory_free()};
	if (sys_clock_gettime(CLOCK_BOOTTIME, &up) == 0)
		info->uptime = up.tv_sec + (up.tv_nsec > 0);
	for (int i = 0; i < 3; ++i)
		info->loads[i] = (unsigned long) (loads[i] * 65536);
	info->procs = 1;
	info->mem_unit = 1;
	return 0;
}
