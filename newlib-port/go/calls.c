/* libgohermit.a: Linux's system calls by their numbers, as Go's runtime and its packages make them: see enter.S.
 *
 * The result is Linux's: a value, or a negative error number. What an isle has not (processes, above all) is ENOSYS, which os/exec passes on.
 * Threads are not made here: under cgo Go has them of pthread_create. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "hermit_libc.h"
#include "linux_calls.h"
#include "numbers.h"

/* The kernel's `struct sigaction` on Linux. */
struct action {
	void *handler;
	uint64_t flags;
	void *restorer;
	uint64_t mask;
};

#define SA_RESTORER 0x04000000u

/* The size in bytes of the kernel's sets of signals. */
#define SET_BYTES 8

/* `struct sigevent` as the kernel has it: the thread behind SIGEV_THREAD_ID. */
struct event {
	uint64_t value;
	int sig;
	int notify;
	int thread;
};

#define NOTIFY_NONE   1
#define NOTIFY_THREAD 4

/* A call of the C library: -1 and errno become a negative error number. */
static long from_c(long result)
{
	return result == -1 ? -errno : result;
}

static long action(int sig, const struct action *new, struct action *old)
{
	struct hermit_sigaction ours, before;
	if (new != NULL)
		ours = (struct hermit_sigaction){new->handler, new->flags & ~(uint64_t) SA_RESTORER, new->mask};
	int result = sys_sigaction(sig, new != NULL ? &ours : NULL, old != NULL ? &before : NULL);
	if (result == 0 && old != NULL)
		*old = (struct action){before.handler, before.flags, NULL, before.mask};
	return result;
}

/* futex(2) as far as Go needs it. */
static long futex(const uint32_t *address, int operation, uint32_t value, const struct timespec *timeout)
{
	enum { WAIT, WAKE, PRIVATE = 128 };
	switch (operation & ~PRIVATE) {
	case WAIT:
		return sys_futex_wait(address, value, timeout, 0);
	case WAKE:
		return sys_futex_wake(address, value > INT32_MAX ? INT32_MAX : (int) value);
	default:
		return -ENOSYS;
	}
}

static long limits(int resource, const struct rlimit *new, struct rlimit *old)
{
	if (old != NULL && getrlimit(resource, old) < 0)
		return -errno;
	return new != NULL ? from_c(setrlimit(resource, new)) : 0;
}

static long new_timer(int clock, const struct event *event, int *id)
{
	int sig = event->notify == NOTIFY_NONE ? 0 : event->sig;
	int result = sys_timer_create(clock, sig, event->notify == NOTIFY_THREAD ? event->thread : 0, &event->value);
	if (result < 0)
		return result;
	*id = result;
	return 0;
}

static long wait_for_events(int epoll, struct epoll_event *events, int count, int timeout_ms, const uint64_t *mask)
{
	struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
	return sys_epoll_wait(epoll, events, count, timeout_ms < 0 ? NULL : &timeout, mask);
}

/* How Linux hands over a set beside its size (pselect6). */
struct set_and_size {
	const sigset_t *set;
	size_t bytes;
};

static long choose(int count, fd_set *in, fd_set *out, fd_set *others, const struct timespec *timeout, const struct set_and_size *mask)
{
	return from_c(pselect(count, in, out, others, timeout, mask != NULL ? mask->set : NULL));
}

static long clock_of_day(struct timeval *now)
{
	return now != NULL ? from_c(gettimeofday(now, NULL)) : 0;
}

static long set_times(const char *path, const struct timeval *times)
{
	return from_c(utimes(path, times));
}

static long current_folder(char *buffer, size_t bytes)
{
	return sys_getcwd(buffer, bytes);
}

#define P(type, number) ((type) (uintptr_t) (number))
#define TEXT(number)    P(const char *, number)

/* Files by descriptor and by path. */
static long files(long number, long a, long b, long c, long d, long e)
{
	switch (number) {
	case NR_read:
		return sys_read((int) a, P(void *, b), (size_t) c);
	case NR_write:
		return sys_write((int) a, P(void *, b), (size_t) c);
	case NR_readv:
		return sys_readv((int) a, P(void *, b), (size_t) c);
	case NR_writev:
		return sys_writev((int) a, P(void *, b), (size_t) c);
	case NR_pread64:
		return sys_pread((int) a, P(void *, b), (size_t) c, d);
	case NR_pwrite64:
		return sys_pwrite((int) a, P(void *, b), (size_t) c, d);
	case NR_open:
		return sys_open(TEXT(a), (int) b, (int) c);
	case NR_creat:
		return sys_open(TEXT(a), O_CREAT | O_WRONLY | O_TRUNC, (int) b);
	case NR_openat:
		return sys_openat((int) a, TEXT(b), (int) c, (int) d);
	case NR_close:
		return sys_close((int) a);
	case NR_stat:
		return sys_stat(TEXT(a), P(struct stat *, b));
	case NR_lstat:
		return sys_lstat(TEXT(a), P(struct stat *, b));
	case NR_fstat:
		return sys_fstat((int) a, P(struct stat *, b));
	case NR_newfstatat:
		return sys_fstatat((int) a, TEXT(b), P(struct stat *, c), (int) d);
	case NR_statx:
		return from_c(statx((int) a, TEXT(b), (int) c, (unsigned) d, P(struct statx *, e)));
	case NR_statfs:
		return sys_statfs(TEXT(a), P(struct statfs *, b));
	case NR_fstatfs:
		return sys_fstatfs((int) a, P(struct statfs *, b));
	case NR_lseek:
		return sys_lseek((int) a, b, (int) c);
	case NR_getdents64:
		return sys_getdents64((int) a, P(void *, b), (size_t) c);
	case NR_ioctl:
		return sys_ioctl((int) a, (unsigned long) b, P(void *, c));
	case NR_fcntl:
		return sys_fcntl((int) a, (int) b, c);
	case NR_dup:
		return sys_dup((int) a);
	case NR_dup2:
		return sys_dup2((int) a, (int) b);
	case NR_dup3:
		return from_c(dup3((int) a, (int) b, (int) c));
	case NR_pipe2:
		return sys_pipe2(P(int *, a), (int) b);
	case NR_eventfd2:
		return sys_eventfd((uint64_t) a, (int16_t) b);
	case NR_fsync:
		return sys_fsync((int) a);
	case NR_fdatasync:
		return sys_fdatasync((int) a);
	case NR_sync:
		sync();
		return 0;
	case NR_ftruncate:
		return sys_ftruncate((int) a, b);
	case NR_truncate:
		return from_c(truncate(TEXT(a), b));
	case NR_fallocate:
		return b != 0 ? -EOPNOTSUPP : sys_fallocate((int) a, c, d);
	case NR_splice:
		return -EINVAL; /* Of no such descriptors: Go copies by itself then, and not after ENOSYS (1.21 and newer). */
	default:
		/* sendfile and copy_file_range among them: the C library's buffers would not fit on this stack, and Go copies by itself then. */
		return -ENOSYS;
	}
}

/* Names of files, and what is told of files by name. */
static long names(long number, long a, long b, long c, long d, long e)
{
	switch (number) {
	case NR_access:
		return sys_access(TEXT(a), (int) b);
	case NR_faccessat:
		return sys_faccessat((int) a, TEXT(b), (int) c, 0);
	case NR_faccessat2:
		return sys_faccessat((int) a, TEXT(b), (int) c, (int) d);
	case NR_mkdir:
		return sys_mkdir(TEXT(a), (uint32_t) b);
	case NR_mkdirat:
		return sys_mkdirat((int) a, TEXT(b), (uint32_t) c);
	case NR_rmdir:
		return sys_rmdir(TEXT(a));
	case NR_unlink:
		return sys_unlink(TEXT(a));
	case NR_unlinkat:
		return sys_unlinkat((int) a, TEXT(b), (int) c);
	case NR_rename:
		return sys_rename(TEXT(a), TEXT(b));
	case NR_renameat2:
		return e != 0 ? -EINVAL : sys_renameat((int) a, TEXT(b), (int) c, TEXT(d));
	case NR_renameat:
		return sys_renameat((int) a, TEXT(b), (int) c, TEXT(d));
	case NR_link:
		return sys_link(TEXT(a), TEXT(b));
	case NR_linkat:
		return from_c(linkat((int) a, TEXT(b), (int) c, TEXT(d), (int) e));
	case NR_symlink:
		return sys_symlink(TEXT(a), TEXT(b));
	case NR_symlinkat:
		return from_c(symlinkat(TEXT(a), (int) b, TEXT(c)));
	case NR_readlink:
		return sys_readlink(TEXT(a), P(char *, b), (size_t) c);
	case NR_readlinkat:
		return from_c(readlinkat((int) a, TEXT(b), P(char *, c), (size_t) d));
	case NR_chmod:
		return sys_chmod(TEXT(a), (uint32_t) b);
	case NR_fchmod:
		return sys_fchmod((int) a, (uint32_t) b);
	case NR_fchmodat:
		return sys_fchmodat((int) a, TEXT(b), (uint32_t) c, 0);
	case NR_chown:
		return sys_fchownat(AT_FDCWD, TEXT(a), (uint32_t) b, (uint32_t) c, 0);
	case NR_lchown:
		return sys_fchownat(AT_FDCWD, TEXT(a), (uint32_t) b, (uint32_t) c, AT_SYMLINK_NOFOLLOW);
	case NR_fchown:
		return sys_fchown((int) a, (uint32_t) b, (uint32_t) c);
	case NR_fchownat:
		return sys_fchownat((int) a, TEXT(b), (uint32_t) c, (uint32_t) d, (int) e);
	case NR_utimensat:
		return sys_utimensat((int) a, TEXT(b), P(const struct timespec *, c), (int) d);
	case NR_utimes:
		return set_times(TEXT(a), P(const struct timeval *, b));
	case NR_umask:
		return (long) sys_umask((uint32_t) a);
	case NR_getcwd:
		return current_folder(P(char *, a), (size_t) b);
	case NR_chdir:
		return sys_chdir(TEXT(a));
	case NR_fchdir:
		return sys_fchdir((int) a);
	default:
		return files(number, a, b, c, d, e);
	}
}

/* Sockets, and waiting for descriptors. */
static long sockets(long number, long a, long b, long c, long d, long e, long f)
{
	switch (number) {
	case NR_socket:
		return sys_socket((int) a, (int) b, (int) c);
	case NR_socketpair:
		return sys_socketpair((int) a, (int) b, (int) c, P(int *, d));
	case NR_bind:
		return sys_bind((int) a, P(void *, b), (unsigned) c);
	case NR_listen:
		return sys_listen((int) a, (int) b);
	case NR_accept:
		return sys_accept4((int) a, P(void *, b), P(unsigned *, c), 0);
	case NR_accept4:
		return sys_accept4((int) a, P(void *, b), P(unsigned *, c), (int) d);
	case NR_connect:
		return sys_connect((int) a, P(void *, b), (unsigned) c);
	case NR_getsockname:
		return sys_getsockname((int) a, P(void *, b), P(unsigned *, c));
	case NR_getpeername:
		return sys_getpeername((int) a, P(void *, b), P(unsigned *, c));
	case NR_getsockopt:
		return sys_getsockopt((int) a, (int) b, (int) c, P(void *, d), P(unsigned *, e));
	case NR_setsockopt:
		return sys_setsockopt((int) a, (int) b, (int) c, P(void *, d), (unsigned) e);
	case NR_shutdown:
		return sys_shutdown((int) a, (int) b);
	case NR_sendto:
		return sys_sendto((int) a, P(void *, b), (size_t) c, (int) d, P(void *, e), (unsigned) f);
	case NR_recvfrom:
		return sys_recvfrom((int) a, P(void *, b), (size_t) c, (int) d, P(void *, e), P(unsigned *, f));
	case NR_sendmsg:
		return sys_sendmsg((int) a, P(void *, b), (int) c);
	case NR_recvmsg:
		return sys_recvmsg((int) a, P(void *, b), (int) c);
	case NR_sendmmsg:
		return sys_sendmmsg((int) a, P(void *, b), (unsigned) c, (int) d);
	case NR_recvmmsg:
		return sys_recvmmsg((int) a, P(void *, b), (unsigned) c, (int) d, P(void *, e));
	case NR_epoll_create:
		return sys_epoll_create1(0);
	case NR_epoll_create1:
		return sys_epoll_create1((int) a);
	case NR_epoll_ctl:
		return sys_epoll_ctl((int) a, (int) b, (int) c, P(void *, d));
	case NR_epoll_wait:
		return wait_for_events((int) a, P(struct epoll_event *, b), (int) c, (int) d, NULL);
	case NR_epoll_pwait:
		return wait_for_events((int) a, P(struct epoll_event *, b), (int) c, (int) d, P(const uint64_t *, e));
	case NR_poll:
		return sys_poll(P(void *, a), (size_t) b, (int) c);
	case NR_ppoll:
		return sys_ppoll(P(void *, a), (size_t) b, P(void *, c), P(void *, d));
	case NR_pselect6:
		return choose((int) a, P(fd_set *, b), P(fd_set *, c), P(fd_set *, d), P(void *, e), P(void *, f));
	case NR_select:
		return from_c(select((int) a, P(fd_set *, b), P(fd_set *, c), P(fd_set *, d), P(struct timeval *, e)));
	default:
		return names(number, a, b, c, d, e);
	}
}

/* Signals, timers and clocks. */
static long moments(long number, long a, long b, long c, long d, long e, long f)
{
	switch (number) {
	case NR_rt_sigaction:
		return d != SET_BYTES ? -EINVAL : action((int) a, P(void *, b), P(void *, c));
	case NR_rt_sigprocmask:
		return d != SET_BYTES ? -EINVAL : sys_sigprocmask((int) a, P(void *, b), P(void *, c));
	case NR_sigaltstack:
		return sys_sigaltstack(P(void *, a), P(void *, b));
	case NR_kill:
		return sys_kill((int) a, (int) b);
	case NR_tgkill:
		return (int) a != sys_getpid() ? -ESRCH : sys_thread_kill((int) b, (int) c);
	case NR_setitimer:
		return from_c(setitimer((int) a, P(void *, b), P(void *, c)));
	case NR_timer_create:
		return new_timer((int) a, P(void *, b), P(int *, c));
	case NR_timer_settime:
		return sys_timer_settime((int) a, (int) b, P(void *, c), P(void *, d));
	case NR_timer_delete:
		return sys_timer_delete((int) a);
	case NR_clock_gettime:
		return sys_clock_gettime((int) a, P(void *, b));
	case NR_clock_getres:
		return sys_clock_getres((int) a, P(void *, b));
	case NR_nanosleep:
		return sys_clock_nanosleep(CLOCK_MONOTONIC, 0, P(void *, a), P(void *, b));
	case NR_clock_nanosleep:
		return sys_clock_nanosleep((int) a, (int) b, P(void *, c), P(void *, d));
	case NR_gettimeofday:
		return clock_of_day(P(struct timeval *, a));
	case NR_time:
		return (long) time(P(time_t *, a));
	case NR_times:
		return from_c(times(P(struct tms *, a)));
	default:
		return sockets(number, a, b, c, d, e, f);
	}
}

/* Called by enter.S. */
long hermit_go_call(long a, long b, long c, long d, long e, long f, long number);
long hermit_go_call(long a, long b, long c, long d, long e, long f, long number)
{
	switch (number) {
	case NR_futex:
		return futex(P(uint32_t *, a), (int) b, (uint32_t) c, P(void *, d));
	case NR_sched_yield:
		sys_yield();
		return 0;
	case NR_mmap:
		return from_c((long) (uintptr_t) mmap(P(void *, a), (size_t) b, (int) c, (int) d, (int) e, f));
	case NR_munmap:
		return sys_munmap(P(void *, a), (size_t) b);
	case NR_mprotect:
		return sys_mprotect(P(void *, a), (size_t) b, (uint32_t) c);
	case NR_madvise:
		return sys_madvise(P(void *, a), (size_t) b, (int) c);
	case NR_mincore:
		return sys_mincore(P(void *, a), (size_t) b, P(unsigned char *, c));
	case NR_gettid:
		return sys_gettid();
	case NR_getpid:
		return sys_getpid();
	case NR_getppid:
		return getppid();
	case NR_getpgrp:
	case NR_getpgid:
		return a == 0 || number == NR_getpgrp ? getpgrp() : from_c(getpgid((pid_t) a));
	case NR_getuid:
		return (long) getuid();
	case NR_geteuid:
		return (long) geteuid();
	case NR_getgid:
		return (long) getgid();
	case NR_getegid:
		return (long) getegid();
	case NR_getgroups:
		return from_c(getgroups((int) a, P(gid_t *, b)));
	case NR_getrlimit:
		return limits((int) a, NULL, P(void *, b));
	case NR_setrlimit:
		return limits((int) a, P(void *, b), NULL);
	case NR_prlimit64:
		return a != 0 && a != sys_getpid() ? -ESRCH : limits((int) b, P(void *, c), P(void *, d));
	case NR_getrusage:
		return from_c(getrusage((int) a, P(struct rusage *, b)));
	case NR_sched_getaffinity:
		return linux_getaffinity((int) a, (size_t) b, P(void *, c));
	case NR_uname:
		return sys_uname(P(void *, a));
	case NR_sysinfo:
		return from_c(sysinfo(P(struct sysinfo *, a)));
	case NR_getrandom:
		return sys_read_entropy(P(void *, a), (size_t) b, (uint32_t) c);
	case NR_exit:
		sys_thread_exit();
	case NR_exit_group:
		sys_exit((int) a);
	default:
		return moments(number, a, b, c, d, e, f);
	}
}
