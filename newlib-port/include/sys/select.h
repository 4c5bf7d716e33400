/* <sys/select.h>: select on top of the kernel's poll, with Linux's fd_set. */
#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H

#include <sys/cdefs.h>
#include <sys/_sigset.h>
#include <sys/_timeval.h>
#include <sys/timespec.h>

#if !defined(_SIGSET_T_DECLARED)
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

#define FD_SETSIZE 1024
typedef unsigned long fd_mask;
#define NFDBITS 64
#define _SYS_TYPES_FD_SET
typedef struct {
	fd_mask fds_bits[FD_SETSIZE / NFDBITS];
} fd_set;

#define FD_SET(fd, set)   ((void) ((set)->fds_bits[(fd) / NFDBITS] |= 1UL << ((fd) % NFDBITS)))
#define FD_CLR(fd, set)   ((void) ((set)->fds_bits[(fd) / NFDBITS] &= ~(1UL << ((fd) % NFDBITS))))
#define FD_ISSET(fd, set) (((set)->fds_bits[(fd) / NFDBITS] & (1UL << ((fd) % NFDBITS))) != 0)
#define FD_ZERO(set)      ((void) __builtin_memset((set), 0, sizeof(*(set))))

__BEGIN_DECLS
int select(int __count, fd_set *__restrict __read, fd_set *__restrict __write, fd_set *__restrict __except,
           struct timeval *__restrict __timeout);
#if __POSIX_VISIBLE >= 200112
int pselect(int __count, fd_set *__restrict __read, fd_set *__restrict __write, fd_set *__restrict __except,
            const struct timespec *__restrict __timeout, const sigset_t *__restrict __mask);
#endif
__END_DECLS

#endif
