/* <sys/sysinfo.h>: GNU's way to count processors and pages. */
#ifndef _SYS_SYSINFO_H
#define _SYS_SYSINFO_H

#include <sys/cdefs.h>

/* Linux's structure. Sizes are in units of mem_unit bytes. */
struct sysinfo {
	long uptime;                /* seconds */
	unsigned long loads[3];     /* of the last 1, 5, 15 minutes, times 65536 */
	unsigned long totalram, freeram, sharedram, bufferram;
	unsigned long totalswap, freeswap;
	unsigned short procs, __pad;
	unsigned long totalhigh, freehigh;
	unsigned int mem_unit;
};

__BEGIN_DECLS
int sysinfo(struct sysinfo *__info);
int get_nprocs(void);
int get_nprocs_conf(void);
long get_phys_pages(void);
long get_avphys_pages(void);
__END_DECLS

#endif
