/* What a file's file system is like: statfs(2), statvfs(3). */
#include <string.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include "hermit_libc.h"

/* Linux's f_flags say whether they mean anything; statvfs has no such bit. */
#define ST_VALID 0x20

WEAK int statfs(const char *path, struct statfs *fs)
{
	return (int) to_c(sys_statfs(path, fs));
}

WEAK int fstatfs(int fd, struct statfs *fs)
{
	return (int) to_c(sys_fstatfs(fd, fs));
}

/* `result`: what the system call that filled `from` came to. */
static int as_posix_has_it(int result, const struct statfs *from, struct statvfs *to)
{
	if (result)
		return (int) to_c(result);
	memset(to, 0, sizeof *to);
	to->f_bsize = (unsigned long) from->f_bsize;
	to->f_frsize = (unsigned long) (from->f_frsize ? from->f_frsize : from->f_bsize);
	to->f_blocks = from->f_blocks;
	to->f_bfree = from->f_bfree;
	to->f_bavail = from->f_bavail;
	to->f_files = from->f_files;
	to->f_ffree = to->f_favail = from->f_ffree;
	to->f_fsid = (unsigned) from->f_fsid.__val[0] | (unsigned long) (unsigned) from->f_fsid.__val[1] << 32;
	to->f_flag = (unsigned long) from->f_flags & ~(unsigned long) ST_VALID;
	to->f_namemax = (unsigned long) from->f_namelen;
	return 0;
}

WEAK int statvfs(const char *restrict path, struct statvfs *restrict fs)
{
	struct statfs found;
	return as_posix_has_it(sys_statfs(path, &found), &found, fs);
}

WEAK int fstatvfs(int fd, struct statvfs *fs)
{
	struct statfs found;
	return as_posix_has_it(sys_fstatfs(fd, &found), &found, fs);
}
