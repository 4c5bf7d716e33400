/* statx(2) out of struct stat. The time of birth is not known, so its bit is not set. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "hermit_libc.h"

static struct statx_timestamp timestamp(const struct timespec *time)
{
	return (struct statx_timestamp){.tv_sec = time->tv_sec, .tv_nsec = (unsigned) time->tv_nsec};
}

WEAK int statx(int dirfd, const char *restrict path, int flags, unsigned mask, struct statx *restrict st)
{
	struct stat found;
	int rest = flags & ~(AT_STATX_SYNC_TYPE | AT_NO_AUTOMOUNT);
	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE || (mask & 0x80000000U))
		return (int) to_c(-EINVAL);
	int result = (rest & AT_EMPTY_PATH) && *path == '\0' && dirfd != AT_FDCWD ? sys_fstat(dirfd, &found)
	                                                                       : sys_fstatat(dirfd, path, &found, rest);
	if (result < 0)
		return (int) to_c(result);
	memset(st, 0, sizeof(*st));
	st->stx_mask = STATX_BASIC_STATS;
	st->stx_blksize = (unsigned) found.st_blksize;
	st->stx_nlink = (unsigned) found.st_nlink;
	st->stx_uid = found.st_uid;
	st->stx_gid = found.st_gid;
	st->stx_mode = (unsigned short) found.st_mode;
	st->stx_ino = found.st_ino;
	st->stx_size = (unsigned long long) found.st_size;
	st->stx_blocks = (unsigned long long) found.st_blocks;
	st->stx_atime = timestamp(&found.st_atim);
	st->stx_mtime = timestamp(&found.st_mtim);
	st->stx_ctime = timestamp(&found.st_ctim);
	st->stx_rdev_major = major(found.st_rdev);
	st->stx_rdev_minor = minor(found.st_rdev);
	st->stx_dev_major = major(found.st_dev);
	st->stx_dev_minor = minor(found.st_dev);
	return 0;
}
