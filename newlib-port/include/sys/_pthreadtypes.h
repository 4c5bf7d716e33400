/* <sys/_pthreadtypes.h>: thread types. Size, alignment and the all-zero initialiser of each equal glibc's on x86-64,
 * because the host compiler's libgcc_eh, libstdc++ and libgfortran are compiled against those. The words inside are
 * ours: pthread-embedded/src. */
#ifndef _SYS__PTHREADTYPES_H_
#define _SYS__PTHREADTYPES_H_

#include <sys/sched.h>

typedef unsigned long pthread_t;
typedef unsigned int pthread_key_t;
typedef int pthread_once_t;
typedef volatile int pthread_spinlock_t;

typedef union {
	char __size[56];
	long __align;
} pthread_attr_t;

/* kind at the offset where glibc has it: its static initialisers of recursive mutexes stay valid. */
typedef union {
	struct {
		unsigned int __word;   /* 0 free, 1 held, 2 held and contended */
		unsigned int __depth;  /* how often the owner took it again */
		int __owner;           /* thread id of the holder */
		unsigned int __users;
		int __kind;            /* PTHREAD_MUTEX_* */
	} __data;
	char __size[40];
	long __align;
} pthread_mutex_t;

typedef union {
	struct {
		unsigned int __sequence; /* counts signals */
		unsigned int __waiters;
		int __clock;             /* clock of timed waits */
	} __data;
	char __size[48];
	__extension__ long long __align;
} pthread_cond_t;

/* kind at the offset where glibc has it, for its static initialiser of writers' preference. */
typedef union {
	struct {
		unsigned int __word;            /* readers, or 0x7fffffff for a writer; the top bit: somebody may sleep */
		unsigned int __waiters;
		unsigned int __writers_waiting;
		int __owner;                    /* thread id of the writer */
		unsigned int __pad[8];
		int __kind;                     /* PTHREAD_RWLOCK_* */
	} __data;
	char __size[56];
	long __align;
} pthread_rwlock_t;

typedef union {
	struct {
		unsigned long __round_and_arrived; /* round in the upper half, arrived in the lower */
		unsigned int __count;
		unsigned int __inside;             /* threads that have not left the last round yet */
	} __data;
	char __size[32];
	long __align;
} pthread_barrier_t;

typedef union {
	char __size[4];
	int __align;
} pthread_mutexattr_t;

typedef union {
	char __size[4];
	int __align;
} pthread_condattr_t;

typedef union {
	char __size[8];
	long __align;
} pthread_rwlockattr_t;

typedef union {
	char __size[4];
	int __align;
} pthread_barrierattr_t;

#endif
