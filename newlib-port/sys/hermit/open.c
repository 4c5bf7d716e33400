/* open(2) and what works on descriptors without moving data. */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cancel.h"
#include "hermit_libc.h"

/* The mode is there only if a file can come into being. */
#define MODE_ARGUMENT(flags, mode) \
	do { \
		if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) { \
			va_list arguments; \
			va_start(arguments, flags); \
			(mode) = va_arg(arguments, int); \
			va_end(arguments); \
		} \
	} while (0)

WEAK int open(const char *path, int flags, ...)
{
	int mode = 0;
	MODE_ARGUMENT(flags, mode);
	return (int) to_c(CANCELLABLE(sys_open, path, flags, mode));
}

WEAK int openat(int dirfd, const char *path, int flags, ...)
{
	int mode = 0;
	MODE_ARGUMENT(flags, mode);
	return (int) to_c(CANCELLABLE(sys_openat, dirfd, path, flags, mode));
}

WEAK int creat(const char *path, mode_t mode)
{
	return (int) to_c(CANCELLABLE(sys_open, path, O_WRONLY | O_CREAT | O_TRUNC, (int) mode));
}

WEAK mode_t umask(mode_t mask)
{
	return sys_umask(mask);
}

WEAK int close(int fd)
{
	return (int) to_c(CANCELLABLE(sys_close, fd));
}

WEAK int fcntl(int fd, int command, ...)
{
	va_list arguments;
	va_start(arguments, command);
	intptr_t argument = va_arg(arguments, intptr_t);
	va_end(arguments);
	if (command == F_SETLKW)
		return (int) to_c(CANCELLABLE(sys_fcntl, fd, command, argument));
	return (int) to_c(sys_fcntl(fd, command, argument));
}

WEAK int dup(int fd)
{
	return (int) to_c(sys_dup(fd));
}

WEAK int dup2(int fd, int newfd)
{
	return (int) to_c(sys_dup2(fd, newfd));
}

WEAK int dup3(int fd, int newfd, int flags)
{
	if (fd == newfd || (flags & ~O_CLOEXEC)) {
		errno = EINVAL;
		return -1;
	}
	if (to_c(sys_dup2(fd, newfd)) < 0)
		return -1;
	if (flags & O_CLOEXEC)
		sys_fcntl(newfd, F_SETFD, FD_CLOEXEC);
	return newfd;
}

WEAK off_t lseek(int fd, off_t offset, int whence)
{
	return to_c(sys_lseek(fd, offset, whence));
}

WEAK int ftruncate(int fd, off_t len)
{
	return (int) to_c(sys_ftruncate(fd, len));
}

WEAK int truncate(const char *path, off_t len)
{
	int fd = (int) to_c(sys_open(path, O_WRONLY | O_CLOEXEC, 0));
	if (fd < 0)
		return -1;
	int result = sys_ftruncate(fd, len);
	sys_close(fd);
	return (int) to_c(result);
}

WEAK int fsync(int fd)
{
	return (int) to_c(CANCELLABLE(sys_fsync, fd));
}

WEAK int fdatasync(int fd)
{
	return (int) to_c(CANCELLABLE(sys_fdatasync, fd));
}

/* What is open; files that are closed are the host's business. */
WEAK void sync(void)
{
	for (int fd = 0; fd < OPEN_MAX; fd++)
		sys_fsync(fd);
}

/* Returns an error number, and leaves errno alone: POSIX. */
WEAK int posix_fallocate(int fd, off_t offset, off_t len)
{
	return -sys_fallocate(fd, offset, len);
}

/* Advice may be ignored; a descriptor that is not open may not. */
WEAK int posix_fadvise(int fd, off_t offset, off_t len, int advice)
{
	int flags = sys_fcntl(fd, F_GETFL, 0);
	(void) offset;
	(void) len;
	if (flags < 0)
		return -flags;
	return advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE ? EINVAL : 0;
}

WEAK int lockf(int fd, int command, off_t len)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = 0, .l_len = len};
	switch (command) {
	case F_ULOCK:
		lock.l_type = F_UNLCK;
		return (int) to_c(sys_fcntl(fd, F_SETLK, (intptr_t) &lock));
	case F_LOCK:
		return (int) to_c(CANCELLABLE(sys_fcntl, fd, F_SETLKW, (intptr_t) &lock));
	case F_TLOCK:
		return (int) to_c(sys_fcntl(fd, F_SETLK, (intptr_t) &lock));
	case F_TEST:
		if (to_c(sys_fcntl(fd, F_GETLK, (intptr_t) &lock)) < 0)
			return -1;
		if (lock.l_type == F_UNLCK || lock.l_pid == sys_getpid())
			return 0;
		errno = EACCES;
		return -1;
	default:
		errno = EINVAL;
		return -1;
	}
}
