/* <sys/stat.h>: struct stat and mode bits of Linux on x86-64 (abi/src/file.rs has the same layout). */
#ifndef _SYS_STAT_H
#define _SYS_STAT_H

#include <_ansi.h>
#include <time.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_timespec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct stat {
	dev_t st_dev;
	ino_t st_ino;
	nlink_t st_nlink;
	mode_t st_mode;
	uid_t st_uid;
	gid_t st_gid;
	int __pad0;
	dev_t st_rdev;
	off_t st_size;
	blksize_t st_blksize;
	blkcnt_t st_blocks; /* of 512 bytes */
	struct timespec st_atim;
	struct timespec st_mtim;
	struct timespec st_ctim;
	long __reserved[3];
};
#define st_atime st_atim.tv_sec
#define st_mtime st_mtim.tv_sec
#define st_ctime st_ctim.tv_sec

#define S_IFMT   0170000
#define S_IFSOCK 0140000
#define S_IFLNK  0120000
#define S_IFREG  0100000
#define S_IFBLK  0060000
#define S_IFDIR  0040000
#define S_IFCHR  0020000
#define S_IFIFO  0010000
#define S_ISUID  0004000
#define S_ISGID  0002000
#define S_ISVTX  0001000
#define S_IRWXU  0000700
#define S_IRUSR  0000400
#define S_IWUSR  0000200
#define S_IXUSR  0000100
#define S_IRWXG  0000070
#define S_IRGRP  0000040
#define S_IWGRP  0000020
#define S_IXGRP  0000010
#define S_IRWXO  0000007
#define S_IROTH  0000004
#define S_IWOTH  0000002
#define S_IXOTH  0000001

#if __MISC_VISIBLE
#define S_IREAD     S_IRUSR
#define S_IWRITE    S_IWUSR
#define S_IEXEC     S_IXUSR
#define S_BLKSIZE   512
#define ACCESSPERMS 00777
#define ALLPERMS    07777
#define DEFFILEMODE 00666
#endif

#define S_ISBLK(mode)  (((mode) & S_IFMT) == S_IFBLK)
#define S_ISCHR(mode)  (((mode) & S_IFMT) == S_IFCHR)
#define S_ISDIR(mode)  (((mode) & S_IFMT) == S_IFDIR)
#define S_ISFIFO(mode) (((mode) & S_IFMT) == S_IFIFO)
#define S_ISREG(mode)  (((mode) & S_IFMT) == S_IFREG)
#define S_ISLNK(mode)  (((mode) & S_IFMT) == S_IFLNK)
#define S_ISSOCK(mode) (((mode) & S_IFMT) == S_IFSOCK)

#define UTIME_NOW  0x3fffffffL
#define UTIME_OMIT 0x3ffffffeL

int stat(const char *__restrict __path, struct stat *__restrict __st);
int lstat(const char *__restrict __path, struct stat *__restrict __st);
int fstat(int __fd, struct stat *__st);
int fstatat(int __dirfd, const char *__restrict __path, struct stat *__restrict __st, int __flags);
int mkdir(const char *__path, mode_t __mode);
int mkdirat(int __dirfd, const char *__path, mode_t __mode);
int chmod(const char *__path, mode_t __mode);
int fchmod(int __fd, mode_t __mode);
int fchmodat(int __dirfd, const char *__path, mode_t __mode, int __flags);
int lchmod(const char *__path, mode_t __mode);
mode_t umask(mode_t __mask);
int futimens(int __fd, const struct timespec __times[2]);
int utimensat(int __dirfd, const char *__path, const struct timespec __times[2], int __flags);

#if __GNU_VISIBLE
/* statx(2): Linux's structure. */
struct statx_timestamp {
	long long tv_sec;
	unsigned int tv_nsec;
	int __reserved;
};

struct statx {
	unsigned int stx_mask;
	unsigned int stx_blksize;
	unsigned long long stx_attributes;
	unsigned int stx_nlink;
	unsigned int stx_uid;
	unsigned int stx_gid;
	unsigned short stx_mode;
	unsigned short __spare0;
	unsigned long long stx_ino;
	unsigned long long stx_size;
	unsigned long long stx_blocks;
	unsigned long long stx_attributes_mask;
	struct statx_timestamp stx_atime;
	struct statx_timestamp stx_btime;
	struct statx_timestamp stx_ctime;
	struct statx_timestamp stx_mtime;
	unsigned int stx_rdev_major;
	unsigned int stx_rdev_minor;
	unsigned int stx_dev_major;
	unsigned int stx_dev_minor;
	unsigned long long __spare2[14];
};

#define STATX_TYPE        0x0001U
#define STATX_MODE        0x0002U
#define STATX_NLINK       0x0004U
#define STATX_UID         0x0008U
#define STATX_GID         0x0010U
#define STATX_ATIME       0x0020U
#define STATX_MTIME       0x0040U
#define STATX_CTIME       0x0080U
#define STATX_INO         0x0100U
#define STATX_SIZE        0x0200U
#define STATX_BLOCKS      0x0400U
#define STATX_BASIC_STATS 0x07ffU
#define STATX_BTIME       0x0800U
#define STATX_ALL         0x0fffU

#define AT_STATX_SYNC_TYPE    0x6000
#define AT_STATX_SYNC_AS_STAT 0x0000
#define AT_STATX_FORCE_SYNC   0x2000
#define AT_STATX_DONT_SYNC    0x4000

int statx(int __dirfd, const char *__restrict __path, int __flags, unsigned __mask, struct statx *__restrict __st);
#endif

#ifdef _LARGEFILE64_SOURCE
#define stat64    stat
#define lstat64   lstat
#define fstat64   fstat
#define fstatat64 fstatat
#endif

/* What newlib's own sources call the types. */
#ifdef _COMPILING_NEWLIB
#define _IFMT   S_IFMT
#define _IFDIR  S_IFDIR
#define _IFCHR  S_IFCHR
#define _IFREG  S_IFREG
#define _IFLNK  S_IFLNK
#define _IFIFO  S_IFIFO
#endif

#ifdef __cplusplus
}
#endif
#endif
