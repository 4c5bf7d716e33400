/* liblinux.a: names by which objects that were compiled for Linux, with glibc's headers, ask for what the C library has by other names or
 * in another shape. Only links of such objects have it (x86_64-hermit-rustc-link): programs compiled with our headers need none of it.
 *
 * Functions whose structures differ from glibc's are renamed in the copies of those objects: `sigaction` is `__linux_sigaction` there. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

/* In our headers these are macros. */
#undef open64
#undef openat64
#undef creat64
#undef lseek64
#undef pread64
#undef pwrite64
#undef ftruncate64
#undef truncate64
#undef mmap64
#undef stat64
#undef lstat64
#undef fstat64
#undef fstatat64
#undef statfs64
#undef fstatfs64
#undef readdir64
#undef sendfile64

int *__errno_location(void)
{
	return &errno;
}

const char *gnu_get_libc_version(void)
{
	return "2.36"; /* What of glibc's our names and structures follow. */
}

int __res_init(void)
{
	return 0;
}

/* One of newlib's names is glibc's for a file's numbers of 64 bits: there are no others here. */
int open64(const char *path, int flags, ...)
{
	va_list arguments;
	va_start(arguments, flags);
	mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return open(path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
	va_list arguments;
	va_start(arguments, flags);
	mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return openat(folder, path, flags, mode);
}

int creat64(const char *path, mode_t mode)
{
	return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

off_t lseek64(int fd, off_t offset, int whence)
{
	return lseek(fd, offset, whence);
}

ssize_t pread64(int fd, void *buffer, size_t len, off_t offset)
{
	return pread(fd, buffer, len, offset);
}

ssize_t pwrite64(int fd, const void *buffer, size_t len, off_t offset)
{
	return pwrite(fd, buffer, len, offset);
}

int ftruncate64(int fd, off_t len)
{
	return ftruncate(fd, len);
}

int truncate64(const char *path, off_t len)
{
	return truncate(path, len);
}

void *mmap64(void *address, size_t len, int protection, int flags, int fd, off_t offset)
{
	return mmap(address, len, protection, flags, fd, offset);
}

int stat64(const char *path, struct stat *stat_)
{
	return stat(path, stat_);
}

int lstat64(const char *path, struct stat *stat)
{
	return lstat(path, stat);
}

int fstat64(int fd, struct stat *stat)
{
	return fstat(fd, stat);
}

int fstatat64(int folder, const char *path, struct stat *stat, int flags)
{
	return fstatat(folder, path, stat, flags);
}

int statfs64(const char *path, struct statfs *statfs_)
{
	return statfs(path, statfs_);
}

int fstatfs64(int fd, struct statfs *statfs)
{
	return fstatfs(fd, statfs);
}

struct dirent *readdir64(DIR *folder)
{
	return readdir(folder);
}

ssize_t sendfile64(int out, int in, off_t *offset, size_t len)
{
	return sendfile(out, in, offset, len);
}

ssize_t splice(int in, off_t *in_offset, int out, off_t *out_offset, size_t len, unsigned flags)
{
	(void) in;
	(void) in_offset;
	(void) out;
	(void) out_offset;
	(void) len;
	(void) flags;
	errno = ENOSYS; /* Who asks copies by himself then. */
	return -1;
}

/* glibc's `struct sigaction`, whose mask has 1024 bits. */
struct linux_sigaction {
	void *handler;
	unsigned long mask[16];
	int flags;
	void *restorer;
};

int __linux_sigaction(int number, const struct linux_sigaction *new, struct linux_sigaction *old)
{
	struct sigaction ours, before;
	if (new != NULL) {
		ours.sa_sigaction = (void (*)(int, siginfo_t *, void *)) new->handler;
		ours.sa_flags = new->flags;
		ours.sa_mask = new->mask[0];
	}
	if (sigaction(number, new != NULL ? &ours : NULL, old != NULL ? &before : NULL) < 0)
		return -1;
	if (old != NULL)
		*old = (struct linux_sigaction){(void *) before.sa_sigaction, {before.sa_mask}, before.sa_flags, NULL};
	return 0;
}
