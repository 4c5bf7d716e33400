/* <sched.h>: a thread stays on the core where it was started, so there is little to schedule. */
#ifndef _SCHED_H_
#define _SCHED_H_

#include <sys/cdefs.h>
#include <sys/sched.h>
#include <sys/types.h>

__BEGIN_DECLS
int sched_yield(void);
int sched_get_priority_max(int __policy);
int sched_get_priority_min(int __policy);
#if __GNU_VISIBLE
int sched_getcpu(void);
#endif
__END_DECLS

#endif
