/* Calls that take a path. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#include "hermit_libc.h"

WEAK int stat(const char *restrict path, struct stat *restrict st)
{
	return (int) to_c(sys_stat(path, st));
}

WEAK int lstat(const char *restrict path, struct stat *restrict st)
{
	return (int) to_c(sys_lstat(path, st));
}

WEAK int fstat(int fd, struct stat *st)
{
	return (int) to_c(sys_fstat(fd, st));
}

WEAK int fstatat(int dirfd, const char *restrict path, struct stat *restrict st, int flags)
{
	return (int) to_c(sys_fstatat(dirfd, path, st, flags));
}

WEAK int access(const char *path, int mode)
{
	return (int) to_c(sys_access(path, mode));
}

WEAK int faccessat(int dirfd, const char *path, int mode, int flags)
{
	return (int) to_c(sys_faccessat(dirfd, path, mode, flags));
}

WEAK int eaccess(const char *path, int mode)
{
	return (int) to_c(sys_faccessat(AT_FDCWD, path, mode, AT_EACCESS));
}

int euidaccess(const char *path, int mode) ALIAS(eaccess);

WEAK int mkdir(const char *path, mode_t mode)
{
	return (int) to_c(sys_mkdir(path, mode));
}

WEAK int mkdirat(int dirfd, const char *path, mode_t mode)
{
	return (int) to_c(sys_mkdirat(dirfd, path, mode));
}

WEAK int rmdir(const char *path)
{
	return (int) to_c(sys_rmdir(path));
}

WEAK int unlink(const char *path)
{
	return (int) to_c(sys_unlink(path));
}

WEAK int unlinkat(int dirfd, const char *path, int flags)
{
	return (int) to_c(sys_unlinkat(dirfd, path, flags));
}

/* C's remove: files and, in POSIX, empty directories too. */
WEAK int remove(const char *path)
{
	int result = sys_unlink(path);
	if (result == -EISDIR || result == -EPERM) {
		int as_directory = sys_rmdir(path);
		if (as_directory != -ENOTDIR)
			result = as_directory;
	}
	return (int) to_c(result);
}

WEAK int rename(const char *from, const char *to)
{
	return (int) to_c(sys_rename(from, to));
}

WEAK int renameat(int fromfd, const char *from, int tofd, const char *to)
{
	return (int) to_c(sys_renameat(fromfd, from, tofd, to));
}

WEAK int link(const char *from, const char *to)
{
	return (int) to_c(sys_link(from, to));
}

WEAK int symlink(const char *target, const char *path)
{
	return (int) to_c(sys_symlink(target, path));
}

WEAK ssize_t readlink(const char *restrict path, char *restrict buffer, size_t len)
{
	return to_c(sys_readlink(path, buffer, len));
}

WEAK int chmod(const char *path, mode_t mode)
{
	return (int) to_c(sys_chmod(path, mode));
}

WEAK int fchmod(int fd, mode_t mode)
{
	return (int) to_c(sys_fchmod(fd, mode));
}

WEAK int fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return (int) to_c(-EINVAL);
	return (int) to_c(sys_fchmodat(dirfd, path, mode, flags));
}

/* glibc has it, and coreutils' configure asks for it. */
WEAK int lchmod(const char *path, mode_t mode)
{
	return (int) to_c(sys_fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW));
}

WEAK int fchownat(int dirfd, const char *path, uid_t owner, gid_t group, int flags)
{
	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return (int) to_c(-EINVAL);
	return (int) to_c(sys_fchownat(dirfd, path, owner, group, flags));
}

WEAK int chown(const char *path, uid_t owner, gid_t group)
{
	return (int) to_c(sys_fchownat(AT_FDCWD, path, owner, group, 0));
}

WEAK int lchown(const char *path, uid_t owner, gid_t group)
{
	return (int) to_c(sys_fchownat(AT_FDCWD, path, owner, group, AT_SYMLINK_NOFOLLOW));
}

WEAK int fchown(int fd, uid_t owner, gid_t group)
{
	return (int) to_c(sys_fchown(fd, owner, group));
}

WEAK int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)
{
	/* The kernel takes NULL for "the descriptor itself", Linux's function does not. */
	return (int) to_c(path == NULL ? -EFAULT : sys_utimensat(dirfd, path, times, flags));
}

WEAK int futimens(int fd, const struct timespec times[2])
{
	return (int) to_c(sys_utimensat(fd, NULL, times, 0));
}

static int set_times(int dirfd, const char *path, const struct timeval times[2], int flags)
{
	struct timespec precise[2];
	if (times == NULL)
		return sys_utimensat(dirfd, path, NULL, flags);
	for (int i = 0; i < 2; ++i) {
		if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000)
			return -EINVAL;
		precise[i] = (struct timespec){times[i].tv_sec, times[i].tv_usec * 1000};
	}
	return sys_utimensat(dirfd, path, precise, flags);
}

WEAK int utimes(const char *path, const struct timeval times[2])
{
	return (int) to_c(set_times(AT_FDCWD, path, times, 0));
}

WEAK int lutimes(const char *path, const struct timeval times[2])
{
	return (int) to_c(set_times(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW));
}

WEAK int futimes(int fd, const struct timeval times[2])
{
	return (int) to_c(set_times(fd, NULL, times, 0));
}

WEAK int utime(const char *path, const struct utimbuf *times)
{
	struct timespec precise[2];
	if (times == NULL)
		return (int) to_c(sys_utimensat(AT_FDCWD, path, NULL, 0));
	precise[0] = (struct timespec){times->actime, 0};
	precise[1] = (struct timespec){times->modtime, 0};
	return (int) to_c(sys_utimensat(AT_FDCWD, path, precise, 0));
}
