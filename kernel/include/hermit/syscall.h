/* The system calls of libhermit: plain functions, called by the C library, by libstdc++'s waits and by libomp, and by nobody else.
 *
 * The one list of what the kernel exports: `cargo xtask tidy` compares it with the symbols of libhermit.a.
 * Unless noted a call returns a value >= 0, or a negative error number (Linux's numbers, <errno.h>); it never
 * touches errno. Numbers and structures are those of Linux on x86-64. Names and meanings follow the crate
 * hermit-abi where it has the call.
 */
#ifndef HERMIT_SYSCALL_H
#define HERMIT_SYSCALL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct timespec;
struct itimerval;
struct stat;
struct statfs;
struct iovec;
struct pollfd;
struct epoll_event;
struct msghdr;
struct mmsghdr;
struct utsname;
struct flock;

typedef int32_t hermit_tid_t;

/* Process */
void sys_exit(int status) __attribute__((noreturn));      /* ends the isle at once; no buffers are flushed */
void sys_abort(void) __attribute__((noreturn));           /* report with backtrace, status 134 */
int sys_getpid(void);
int sys_uname(struct utsname *name);

/* Memory. prot: PROT_*; addresses and lengths in whole pages (lengths are rounded up). */
int sys_mmap(size_t size, uint32_t prot, void **ret);                       /* anonymous, zero-filled */
/* For allocators. align: a power of two; is_zero: 1 if it reads as zero, 0 if anything may be in it */
int sys_mmap_arena(size_t size, size_t align, uint32_t prot, int *is_zero, void **ret);
int sys_mmap_file(void *addr, size_t size, uint32_t prot, uint32_t flags, int fd, int64_t offset, void **ret);
int sys_munmap(void *addr, size_t size);
int sys_mremap(void *addr, size_t old_size, size_t new_size, uint32_t flags, void **ret); /* MREMAP_MAYMOVE */
int sys_msync(void *addr, size_t size, int flags);                          /* MS_*: see docs/reference/009-libc.md */
int sys_mprotect(void *addr, size_t size, uint32_t prot);
int sys_check_mapped(const void *addr, size_t size);                       /* 0, or -ENOMEM if anything there is not mapped */
int sys_mincore(const void *addr, size_t size, unsigned char *resident);    /* a byte for each page: 1, or 0 if it is only reserved */
int sys_copy(void *to, const void *from, size_t len);                      /* memcpy(3) that returns 0, or -EFAULT */
int sys_madvise(void *addr, size_t size, int advice);                       /* MADV_DONTNEED gives memory back */
int64_t sys_memory_total(void);                                             /* bytes of RAM of the isle */
int64_t sys_memory_free(void);                                              /* bytes not mapped */
int sys_limit_memory(uint64_t bytes);                                       /* at most so many mapped; UINT64_MAX: no limit */

/* Limits that the program has of its parent, by Linux's numbers (RLIMIT_*); is_hard: 0 or 1. UINT64_MAX: none, or not known */
uint64_t sys_inherited_limit(int resource, int is_hard);
int sys_limit_descriptors(uint64_t count);                                  /* new ones are below count; those that are open stay */

/* What the CPU can: bits, which the C library chooses its ways by. */
#define HERMIT_CPU_AVX2 1u                                  /* AVX2 */
#define HERMIT_CPU_WIDE 2u                                  /* AVX-512 that is worth its while */
#define HERMIT_CPU_ERMS 4u                                  /* rep stosb is fast */
#define HERMIT_CPU_FMA 8u                                   /* AVX2 and FMA */
uint32_t sys_cpu_features(void);

/* Threads. core: a core's number, or -1 for the next in turn. stack_size 0: the default (1 MiB). prio: 1 (low) to 31; the main thread has 2.
 * The thread runs func(arg) with its own TLS and ends when func returns or with sys_thread_exit. */
hermit_tid_t sys_spawn2(void (*func)(size_t), size_t arg, uint8_t prio, size_t stack_size, intptr_t core);
int sys_join(hermit_tid_t id);
void sys_thread_exit(void) __attribute__((noreturn));
int sys_detach(hermit_tid_t id);                            /* nobody will join it */
hermit_tid_t sys_gettid(void);
int sys_set_thread_name(hermit_tid_t id, const char *name); /* at most 15 bytes, else -ERANGE; threads inherit it */
int sys_get_thread_name(hermit_tid_t id, char name[16]);
void sys_yield(void);
/* policy: SCHED_OTHER 0, SCHED_FIFO 1, SCHED_RR 2; the thread goes behind its new equals. sys_set_priority: before them if its
 * priority falls (pthread_setschedprio). */
int sys_set_schedule(hermit_tid_t id, int policy, uint8_t prio);
int sys_set_priority(hermit_tid_t id, uint8_t prio);
size_t sys_available_parallelism(void);
size_t sys_host_cpus(void);                                 /* CPUs that these cores have, at most one each */
int sys_get_core_id(void);
int64_t sys_interrupts(void);                               /* taken by this core since it booted: tickless can be proven */
/* Waits while *address == expected. timeout: NULL, or relative (flags 0) or absolute on CLOCK_MONOTONIC or CLOCK_REALTIME.
 * Returns 0, -EAGAIN (value differs), -ETIMEDOUT, -EINTR. */
#define HERMIT_FUTEX_ABSOLUTE 1u                            /* timeout is a point in time */
#define HERMIT_FUTEX_REALTIME 2u                            /* with HERMIT_FUTEX_ABSOLUTE: on CLOCK_REALTIME */
#define HERMIT_FUTEX_RESTART 4u                             /* starts over after handlers with SA_RESTART */
int sys_futex_wait(const uint32_t *address, uint32_t expected, const struct timespec *timeout, uint32_t flags);
int sys_futex_wake(const uint32_t *address, int count);          /* returns the number of threads woken */

/* Signals: Linux's numbers; a set is a uint64_t, bit n - 1 for signal n. */
struct hermit_sigaction {
    void *handler;                                          /* SIG_DFL 0, SIG_IGN 1, or void (*)(int, siginfo_t *, void *) */
    uint64_t flags;                                         /* SA_* */
    uint64_t mask;
};
struct itimerspec;
#define HERMIT_SIGQUEUE_MAX 1024                            /* signals that can stand in line */
#define HERMIT_TIMER_MAX 4096                               /* timers of sys_timer_create that can exist */
int sys_sigaction(int sig, const struct hermit_sigaction *action, struct hermit_sigaction *old);
int sys_sigprocmask(int how, const uint64_t *set, uint64_t *old);   /* of the calling thread */
int sys_sigpending(uint64_t *set);
int sys_kill(int pid, int sig);                            /* own pid, 0 and -1 only, else ESRCH */
int sys_sigqueue(int pid, int sig, uint64_t value);
int sys_thread_kill(hermit_tid_t id, int sig);
int sys_sigaltstack(const void *stack, void *old);         /* stack_t */
int sys_sigsuspend(const uint64_t *mask);
int sys_sigtimedwait(const uint64_t *set, void *info, const struct timespec *timeout); /* returns the signal's number */
int sys_setitimer(int which, const struct itimerspec *value, struct itimerspec *old);  /* value NULL: getitimer */
int sys_timer_create(int clock, int sig, hermit_tid_t thread, const uint64_t *value); /* sig 0: none; thread 0: the isle; returns its id */
int sys_timer_settime(int id, int flags, const struct itimerspec *value, struct itimerspec *old); /* NULL: gettime */
int sys_timer_delete(int id);
int sys_timer_getoverrun(int id);

/* Time. A clock is one of Linux's: CLOCK_*, or ~id << 3 | 6 for the CPU time of thread id. */
int sys_clock_gettime(int clock, struct timespec *now);
int sys_clock_getres(int clock, struct timespec *resolution);
int sys_clock_nanosleep(int clock, int flags, const struct timespec *request, struct timespec *remain);

/* Files */
int sys_open(const char *path, int flags, int mode);
int sys_openat(int dirfd, const char *path, int flags, int mode);
int sys_close(int fd);
intptr_t sys_read(int fd, void *buffer, size_t len);
intptr_t sys_write(int fd, const void *buffer, size_t len);
intptr_t sys_pread(int fd, void *buffer, size_t len, int64_t offset);
intptr_t sys_pwrite(int fd, const void *buffer, size_t len, int64_t offset);
intptr_t sys_readv(int fd, const struct iovec *iov, size_t count);
intptr_t sys_writev(int fd, const struct iovec *iov, size_t count);
int64_t sys_lseek(int fd, int64_t offset, int whence);
int sys_stat(const char *path, struct stat *st);
int sys_lstat(const char *path, struct stat *st);
int sys_fstat(int fd, struct stat *st);
int sys_fstatat(int dirfd, const char *path, struct stat *st, int flags);
int64_t sys_getdents64(int fd, void *entries, size_t len);
uint32_t sys_umask(uint32_t mask);                         /* taken off the modes of new files; at first the host's for the isle */
int sys_mkdir(const char *path, uint32_t mode);
int sys_mkdirat(int dirfd, const char *path, uint32_t mode);
int sys_rmdir(const char *path);
int sys_unlink(const char *path);
int sys_unlinkat(int dirfd, const char *path, int flags);
int sys_rename(const char *from, const char *to);
int sys_renameat(int fromfd, const char *from, int tofd, const char *to);
int sys_link(const char *from, const char *to);
int sys_symlink(const char *target, const char *path);
intptr_t sys_readlink(const char *path, char *buffer, size_t len);
int sys_access(const char *path, int mode);
int sys_faccessat(int dirfd, const char *path, int mode, int flags);
int sys_statfs(const char *path, struct statfs *fs);
int sys_fstatfs(int fd, struct statfs *fs);
int sys_chmod(const char *path, uint32_t mode);
int sys_fchmodat(int dirfd, const char *path, uint32_t mode, int flags);
int sys_fchmod(int fd, uint32_t mode);
int sys_fchownat(int dirfd, const char *path, uint32_t uid, uint32_t gid, int flags);
int sys_fchown(int fd, uint32_t uid, uint32_t gid);
int sys_utimensat(int dirfd, const char *path, const struct timespec *times, int flags); /* two times; path NULL: dirfd itself */
int sys_ftruncate(int fd, int64_t len);
int sys_fallocate(int fd, int64_t offset, int64_t len);
int sys_fsync(int fd);
int sys_fdatasync(int fd);
int sys_dup(int fd);
int sys_dup2(int fd, int newfd);
int sys_fcntl(int fd, int command, intptr_t arg);          /* F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_*LK* */
int sys_ioctl(int fd, unsigned long request, void *arg);
int sys_pipe2(int fds[2], int flags);                       /* inside of the isle; O_NONBLOCK, O_CLOEXEC */
int sys_socketpair(int domain, int type, int protocol, int fds[2]); /* AF_UNIX, inside of the isle */
int sys_eventfd(uint64_t value, int16_t flags);
/* Sockets: AF_INET and AF_INET6 are the host's (SOCK_STREAM, SOCK_DGRAM), AF_UNIX is inside of the isle. None of them raises SIGPIPE: who calls makes it of
 * EPIPE, unless MSG_NOSIGNAL is given. Addresses, options and messages are Linux's. */
int sys_socket(int domain, int type, int protocol);
int sys_bind(int fd, const void *address, unsigned address_bytes);
int sys_listen(int fd, int backlog);
int sys_accept4(int fd, void *address, unsigned *address_bytes, int flags);
int sys_connect(int fd, const void *address, unsigned address_bytes);
int sys_getsockname(int fd, void *address, unsigned *address_bytes);
int sys_getpeername(int fd, void *address, unsigned *address_bytes);
int sys_getsockopt(int fd, int level, int name, void *value, unsigned *value_bytes);
int sys_setsockopt(int fd, int level, int name, const void *value, unsigned value_bytes);
int sys_shutdown(int fd, int how);
intptr_t sys_sendto(int fd, const void *data, size_t len, int flags, const void *address, unsigned address_bytes);
intptr_t sys_recvfrom(int fd, void *data, size_t len, int flags, void *address, unsigned *address_bytes);
intptr_t sys_sendmsg(int fd, const struct msghdr *message, int flags);
intptr_t sys_recvmsg(int fd, struct msghdr *message, int flags);
int sys_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int sys_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, const struct timespec *timeout);
int sys_epoll_create1(int flags);
int sys_epoll_ctl(int epfd, int operation, int fd, const struct epoll_event *event);
int sys_epoll_wait(int epfd, struct epoll_event *events, int count, const struct timespec *timeout, const uint64_t *mask); /* NULL: for ever; no mask */
int sys_signalfd(int fd, const uint64_t *mask, int flags);
int sys_timerfd_create(int clock, int flags);
int sys_timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *before);
int sys_timerfd_gettime(int fd, struct itimerspec *value);
int sys_poll(struct pollfd *fds, size_t count, int timeout_ms);
int sys_ppoll(struct pollfd *fds, size_t count, const struct timespec *timeout, const uint64_t *mask); /* NULL: for ever; no mask */
int sys_chdir(const char *path);
int sys_fchdir(int fd);
intptr_t sys_getcwd(char *buffer, size_t len);             /* bytes, NUL included */
intptr_t sys_read_entropy(void *buffer, size_t len, uint32_t flags);

/* The other direction: what the kernel calls in the C library. `runtime_entry` is crt0's: it runs the constructors,
 * main and exit. */
void runtime_entry(int argc, char **argv, char **envp) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif
#endif
