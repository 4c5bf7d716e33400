/* <sched.h>: a thread stays on the core where it was started, so there is little to schedule. Sets of cores are glibc's. */
#ifndef _SCHED_H_
#define _SCHED_H_

#include <sys/cdefs.h>
#include <sys/sched.h>
#include <sys/types.h>

#if __GNU_VISIBLE
#define CPU_SETSIZE 1024
typedef struct {
	unsigned long __bits[CPU_SETSIZE / 64];
} cpu_set_t;

#define CPU_ALLOC_SIZE(count) ((((size_t) (count) + 63) / 64) * 8)
#define CPU_ALLOC(count)      ((cpu_set_t *) __builtin_calloc(1, CPU_ALLOC_SIZE(count)))
#define CPU_FREE(set)         __builtin_free(set)
#define CPU_ZERO_S(size, set) ((void) __builtin_memset((set), 0, (size)))
#define CPU_SET_S(cpu, size, set) \
	((void) ((size_t) (cpu) < 8 * (size) ? ((set)->__bits[(size_t) (cpu) / 64] |= 1UL << ((cpu) % 64)) : 0UL))
#define CPU_CLR_S(cpu, size, set) \
	((void) ((size_t) (cpu) < 8 * (size) ? ((set)->__bits[(size_t) (cpu) / 64] &= ~(1UL << ((cpu) % 64))) : 0UL))
#define CPU_ISSET_S(cpu, size, set) \
	((size_t) (cpu) < 8 * (size) ? (int) ((set)->__bits[(size_t) (cpu) / 64] >> ((cpu) % 64) & 1) : 0)
#define CPU_COUNT_S(size, set)    __hermit_cpu_count((size), (set))
#define CPU_EQUAL_S(size, a, b)   (__builtin_memcmp((a), (b), (size)) == 0)
#define __CPU_OP_S(size, to, a, op, b) \
	do { \
		for (size_t __i = 0; __i < (size) / 8; ++__i) \
			(to)->__bits[__i] = (a)->__bits[__i] op (b)->__bits[__i]; \
	} while (0)
#define CPU_AND_S(size, to, a, b) __CPU_OP_S(size, to, a, &, b)
#define CPU_OR_S(size, to, a, b)  __CPU_OP_S(size, to, a, |, b)
#define CPU_XOR_S(size, to, a, b) __CPU_OP_S(size, to, a, ^, b)

#define CPU_ZERO(set)       CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_SET(cpu, set)   CPU_SET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_CLR(cpu, set)   CPU_CLR_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ISSET(cpu, set) CPU_ISSET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_COUNT(set)      CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_EQUAL(a, b)     CPU_EQUAL_S(sizeof(cpu_set_t), a, b)
#define CPU_AND(to, a, b)   CPU_AND_S(sizeof(cpu_set_t), to, a, b)
#define CPU_OR(to, a, b)    CPU_OR_S(sizeof(cpu_set_t), to, a, b)
#define CPU_XOR(to, a, b)   CPU_XOR_S(sizeof(cpu_set_t), to, a, b)
#endif

__BEGIN_DECLS
int sched_yield(void);
int sched_get_priority_max(int __policy);
int sched_get_priority_min(int __policy);
int sched_setscheduler(pid_t __id, int __policy, const struct sched_param *__parameter);
int sched_getscheduler(pid_t __id);
int sched_setparam(pid_t __id, const struct sched_param *__parameter);
int sched_getparam(pid_t __id, struct sched_param *__parameter);
int sched_rr_get_interval(pid_t __id, struct timespec *__interval);
#if __GNU_VISIBLE
int sched_getcpu(void);
int sched_getaffinity(pid_t __id, size_t __size, cpu_set_t *__set);
int sched_setaffinity(pid_t __id, size_t __size, const cpu_set_t *__set);
int __hermit_cpu_count(size_t __size, const cpu_set_t *__set);
#endif
__END_DECLS

#endif
