/* <unistd.h>: what libc.a holds of it, no more. Replaces newlib's file, which declares fork and friends: an isle has
 * one process, so programs learn at compile and link time that they are not there. */
#ifndef _SYS_UNISTD_H
#define _SYS_UNISTD_H

#include <_ansi.h>
#define __need_size_t
#define __need_ptrdiff_t
#define __need_NULL
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_types.h>
#include <sys/features.h>
#include <sys/_confname.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if !defined(_INTPTR_T_DECLARED)
typedef __intptr_t intptr_t;
#define _INTPTR_T_DECLARED
#endif

#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#if __GNU_VISIBLE
#define SEEK_DATA 3
#define SEEK_HOLE 4
#endif

#define STDIN_FILENO  0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

extern char **environ;

/* Process */
void _exit(int __status) __attribute__((__noreturn__));
pid_t getpid(void);
pid_t getppid(void);
pid_t getpgrp(void);
pid_t getpgid(pid_t __pid);
pid_t getsid(pid_t __pid);
pid_t setsid(void);
int setpgid(pid_t __pid, pid_t __group);
#if __MISC_VISIBLE || __XSI_VISIBLE
pid_t setpgrp(void);
int nice(int __increment);
#endif
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int getgroups(int __size, gid_t __list[]);
char *getlogin(void);
int getlogin_r(char *__name, size_t __size);
#if __MISC_VISIBLE || __XSI_VISIBLE
int issetugid(void);
long gethostid(void);
#endif

/* Files */
int access(const char *__path, int __mode);
int faccessat(int __dirfd, const char *__path, int __mode, int __flags);
int chdir(const char *__path);
int fchdir(int __fd);
int chown(const char *__path, uid_t __owner, gid_t __group);
int lchown(const char *__path, uid_t __owner, gid_t __group);
int fchown(int __fd, uid_t __owner, gid_t __group);
int fchownat(int __dirfd, const char *__path, uid_t __owner, gid_t __group, int __flags);
int close(int __fd);
int dup(int __fd);
int dup2(int __fd, int __newfd);
int dup3(int __fd, int __newfd, int __flags);
#if __GNU_VISIBLE
int eaccess(const char *__path, int __mode);
int euidaccess(const char *__path, int __mode);
char *get_current_dir_name(void);
#endif
int fsync(int __fd);
void sync(void);
int fdatasync(int __fd);
int ftruncate(int __fd, off_t __len);
int truncate(const char *__path, off_t __len);
char *getcwd(char *__buffer, size_t __size);
#if __MISC_VISIBLE
char *getwd(char *__buffer);
#endif
int isatty(int __fd);
int link(const char *__from, const char *__to);
int linkat(int __fromfd, const char *__from, int __tofd, const char *__to, int __flags);
int symlinkat(const char *__target, int __dirfd, const char *__path);
#if __MISC_VISIBLE || __XSI_VISIBLE
#define F_ULOCK 0
#define F_LOCK  1
#define F_TLOCK 2
#define F_TEST  3
int lockf(int __fd, int __command, off_t __len);
#endif
off_t lseek(int __fd, off_t __offset, int __whence);
long pathconf(const char *__path, int __name);
long fpathconf(int __fd, int __name);
ssize_t read(int __fd, void *__buffer, size_t __len);
ssize_t write(int __fd, const void *__buffer, size_t __len);
ssize_t pread(int __fd, void *__buffer, size_t __len, off_t __offset);
ssize_t pwrite(int __fd, const void *__buffer, size_t __len, off_t __offset);
ssize_t readlink(const char *__restrict __path, char *__restrict __buffer, size_t __len);
ssize_t readlinkat(int __dirfd, const char *__restrict __path, char *__restrict __buffer, size_t __len);
char *ctermid(char *__buffer);
int pipe(int __fds[2]);
int pipe2(int __fds[2], int __flags);
int rmdir(const char *__path);
int symlink(const char *__target, const char *__path);
char *ttyname(int __fd);
int ttyname_r(int __fd, char *__buffer, size_t __len);
int unlink(const char *__path);
int unlinkat(int __dirfd, const char *__path, int __flags);

/* Time and signals */
unsigned alarm(unsigned __seconds);
int pause(void);
unsigned sleep(unsigned __seconds);
int usleep(useconds_t __usec);

/* System */
size_t confstr(int __name, char *__buffer, size_t __len);
long sysconf(int __name);
int gethostname(char *__name, size_t __len);
#if __MISC_VISIBLE
int getdomainname(char *__name, size_t __len);
int getdtablesize(void);
int getentropy(void *__buffer, size_t __len);
int getpagesize(void);
#endif
#if __XSI_VISIBLE || __MISC_VISIBLE
void swab(const void *__restrict __from, void *__restrict __to, ssize_t __len);
#endif
#if __GNU_VISIBLE
pid_t gettid(void);
int syncfs(int __fd);
ssize_t copy_file_range(int __from, off_t *__from_offset, int __to, off_t *__to_offset, size_t __len, unsigned __flags);
#endif

/* Options, getopt(3) */
extern char *optarg;
extern int optind, opterr, optopt;
int getopt(int __argc, char *const __argv[], const char *__options);

#ifdef _LARGEFILE64_SOURCE
#define lseek64     lseek
#define pread64     pread
#define pwrite64    pwrite
#define ftruncate64 ftruncate
#define truncate64  truncate
#define lockf64     lockf
#endif

#ifdef __cplusplus
}
#endif

#endif
