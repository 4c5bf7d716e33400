/* syscall(2): calls of Linux by their numbers, for programs and libraries that make them so, since glibc once had no name for them. A call that
 * has a name here is that function; all others are ENOSYS, with which such programs have to live. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "hermit_libc.h"
#include "linux_calls.h"

/* futex(2): operations and flags (linux/futex.h). */
#define FUTEX_WAIT           0
#define FUTEX_WAKE           1
#define FUTEX_WAIT_BITSET    9
#define FUTEX_WAKE_BITSET    10
#define FUTEX_PRIVATE        128
#define FUTEX_CLOCK_REALTIME 256

/* futex(2) as far as locks need it; of bits all are woken, which is allowed. */
static long futex(const uint32_t *address, int operation, uint32_t value, const struct timespec *timeout)
{
	unsigned absolute = HERMIT_FUTEX_ABSOLUTE | (operation & FUTEX_CLOCK_REALTIME ? HERMIT_FUTEX_REALTIME : 0);
	switch (operation & ~(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME)) {
	case FUTEX_WAIT:
		return sys_futex_wait(address, value, timeout, HERMIT_FUTEX_RESTART);
	case FUTEX_WAIT_BITSET:
		return sys_futex_wait(address, value, timeout, HERMIT_FUTEX_RESTART | absolute);
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
		return sys_futex_wake(address, value > INT32_MAX ? INT32_MAX : (int) value);
	default:
		return -ENOSYS;
	}
}

static long current_cpu(unsigned *cpu, unsigned *node)
{
	if (cpu != NULL)
		*cpu = (unsigned) sched_getcpu();
	if (node != NULL)
		*node = 0;
	return 0;
}

WEAK long syscall(long number, ...)
{
	va_list arguments;
	va_start(arguments, number);
	long a = va_arg(arguments, long), b = va_arg(arguments, long), c = va_arg(arguments, long), d = va_arg(arguments, long),
	     e = va_arg(arguments, long), f = va_arg(arguments, long);
	va_end(arguments);
	switch (number) {
	case SYS_read:
		return read((int) a, (void *) b, (size_t) c);
	case SYS_write:
		return write((int) a, (const void *) b, (size_t) c);
	case SYS_open:
		return open((const char *) a, (int) b, (mode_t) c);
	case SYS_close:
		return close((int) a);
	case SYS_stat:
		return stat((const char *) a, (struct stat *) b);
	case SYS_fstat:
		return fstat((int) a, (struct stat *) b);
	case SYS_lstat:
		return lstat((const char *) a, (struct stat *) b);
	case SYS_lseek:
		return lseek((int) a, b, (int) c);
	case SYS_mmap:
		return (long) mmap((void *) a, (size_t) b, (int) c, (int) d, (int) e, f);
	case SYS_mprotect:
		return mprotect((void *) a, (size_t) b, (int) c);
	case SYS_munmap:
		return munmap((void *) a, (size_t) b);
	case SYS_madvise:
		return madvise((void *) a, (size_t) b, (int) c);
	case SYS_pread64:
		return pread((int) a, (void *) b, (size_t) c, d);
	case SYS_pwrite64:
		return pwrite((int) a, (const void *) b, (size_t) c, d);
	case SYS_readv:
		return readv((int) a, (const struct iovec *) b, (int) c);
	case SYS_writev:
		return writev((int) a, (const struct iovec *) b, (int) c);
	case SYS_access:
		return access((const char *) a, (int) b);
	case SYS_sched_yield:
		return sched_yield();
	case SYS_nanosleep:
		return nanosleep((const struct timespec *) a, (struct timespec *) b);
	case SYS_clock_nanosleep: {
		int error = clock_nanosleep((clockid_t) a, (int) b, (const struct timespec *) c, (struct timespec *) d);
		return to_c(-error);
	}
	case SYS_clock_gettime:
		return clock_gettime((clockid_t) a, (struct timespec *) b);
	case SYS_clock_getres:
		return clock_getres((clockid_t) a, (struct timespec *) b);
	case SYS_getpid:
		return getpid();
	case SYS_gettid:
		/* The main thread has the process's number, as on Linux. */
		return gettid();
	case SYS_getuid:
	case SYS_geteuid:
		return (long) getuid();
	case SYS_getgid:
	case SYS_getegid:
		return (long) getgid();
	case SYS_getcpu:
		return current_cpu((unsigned *) a, (unsigned *) b);
	case SYS_sched_getaffinity:
		return to_c(linux_getaffinity((pid_t) a, (size_t) b, (void *) c));
	case SYS_getrandom:
		return getrandom((void *) a, (size_t) b, (unsigned) c);
	case SYS_futex:
		return to_c(futex((const uint32_t *) a, (int) b, (uint32_t) c, (const struct timespec *) d));
	case SYS_kill:
		return kill((pid_t) a, (int) b);
	case SYS_dup:
		return dup((int) a);
	case SYS_dup2:
		return dup2((int) a, (int) b);
	case SYS_fcntl:
		return fcntl((int) a, (int) b, c);
	case SYS_fsync:
		return fsync((int) a);
	case SYS_fdatasync:
		return fdatasync((int) a);
	case SYS_ftruncate:
		return ftruncate((int) a, b);
	case SYS_unlink:
		return unlink((const char *) a);
	case SYS_unlinkat:
		return unlinkat((int) a, (const char *) b, (int) c);
	case SYS_openat:
		return openat((int) a, (const char *) b, (int) c, (mode_t) d);
	case SYS_mkdirat:
		return mkdirat((int) a, (const char *) b, (mode_t) c);
	case SYS_newfstatat:
		return fstatat((int) a, (const char *) b, (struct stat *) c, (int) d);
	case SYS_renameat:
	case SYS_renameat2:
		if (number == SYS_renameat2 && e != 0)
			return to_c(-EINVAL);
		return renameat((int) a, (const char *) b, (int) c, (const char *) d);
	case SYS_readlinkat:
		return readlinkat((int) a, (const char *) b, (char *) c, (size_t) d);
	case SYS_statx:
		return statx((int) a, (const char *) b, (int) c, (unsigned) d, (struct statx *) e);
	case SYS_getdents64:
		return to_c(sys_getdents64((int) a, (void *) b, (size_t) c));
	case SYS_pipe2:
		return pipe2((int *) a, (int) b);
	case SYS_eventfd2:
		return eventfd((unsigned) a, (int) b);
	case SYS_epoll_create1:
		return epoll_create1((int) a);
	case SYS_epoll_ctl:
		return epoll_ctl((int) a, (int) b, (int) c, (struct epoll_event *) d);
	case SYS_epoll_wait:
		return epoll_wait((int) a, (struct epoll_event *) b, (int) c, (int) d);
	case SYS_exit_group:
		_exit((int) a);
	default:
		/* Sockets are not reached by number: an image that has none stays one that has none. */
		return to_c(-ENOSYS);
	}
}
