/* <fcntl.h>: open flags, commands and locks of Linux on x86-64. Replaces newlib's file, whose numbers are its own. */
#ifndef _SYS__DEFAULT_FCNTL_H_
#define _SYS__DEFAULT_FCNTL_H_

#include <_ansi.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

#define O_ACCMODE    00000003
#define O_RDONLY     00000000
#define O_WRONLY     00000001
#define O_RDWR       00000002
#define O_CREAT      00000100
#define O_EXCL       00000200
#define O_NOCTTY     00000400
#define O_TRUNC      00001000
#define O_APPEND     00002000
#define O_NONBLOCK   00004000
#define O_NDELAY     O_NONBLOCK
#define O_DSYNC      00010000
#define O_ASYNC      00020000
#define O_DIRECT     00040000
#define O_LARGEFILE  0
#define O_DIRECTORY  00200000
#define O_NOFOLLOW   00400000
#define O_NOATIME    01000000
#define O_CLOEXEC    02000000
#define O_SYNC       04010000
#define O_RSYNC      O_SYNC
#define O_PATH       010000000
#define O_TMPFILE    020200000

#if __MISC_VISIBLE
#define FAPPEND      O_APPEND
#define FFSYNC       O_SYNC
#define FASYNC       O_ASYNC
#define FNONBLOCK    O_NONBLOCK
#define FNDELAY      O_NDELAY
#endif

#define FD_CLOEXEC   1

#define F_DUPFD          0
#define F_GETFD          1
#define F_SETFD          2
#define F_GETFL          3
#define F_SETFL          4
#define F_GETLK          5
#define F_SETLK          6
#define F_SETLKW         7
#define F_SETOWN         8
#define F_GETOWN         9
#define F_DUPFD_CLOEXEC  1030

/* struct flock's l_type */
#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2

struct flock {
	short l_type;   /* F_RDLCK, F_WRLCK or F_UNLCK */
	short l_whence; /* SEEK_SET, SEEK_CUR or SEEK_END */
	off_t l_start;  /* first byte */
	off_t l_len;    /* number of bytes, 0: to the end of the file */
	pid_t l_pid;    /* holder, answered by F_GETLK */
};

#if __MISC_VISIBLE
#define LOCK_SH 1
#define LOCK_EX 2
#define LOCK_NB 4
#define LOCK_UN 8
#endif

#define AT_FDCWD             (-100)
#define AT_SYMLINK_NOFOLLOW  0x100
#define AT_EACCESS           0x200
#define AT_REMOVEDIR         0x200
#define AT_SYMLINK_FOLLOW    0x400
#define AT_NO_AUTOMOUNT      0x800
#define AT_EMPTY_PATH        0x1000

#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif

#define POSIX_FADV_NORMAL     0
#define POSIX_FADV_RANDOM     1
#define POSIX_FADV_SEQUENTIAL 2
#define POSIX_FADV_WILLNEED   3
#define POSIX_FADV_DONTNEED   4
#define POSIX_FADV_NOREUSE    5

int open(const char *__path, int __flags, ...);
int openat(int __dirfd, const char *__path, int __flags, ...);
int creat(const char *__path, mode_t __mode);
int fcntl(int __fd, int __command, ...);
int posix_fadvise(int __fd, off_t __offset, off_t __len, int __advice);
int posix_fallocate(int __fd, off_t __offset, off_t __len);
#if __GNU_VISIBLE
#define FALLOC_FL_KEEP_SIZE  1
#define FALLOC_FL_PUNCH_HOLE 2
int fallocate(int __fd, int __mode, off_t __offset, off_t __len);
#endif

/* What newlib's own sources call these flags. */
#ifdef _COMPILING_NEWLIB
#define _FREAD      1
#define _FWRITE     2
#define _FAPPEND    O_APPEND
#define _FNONBLOCK  O_NONBLOCK
#endif

/* off_t has 64 bits: the names for large files are the plain ones. */
#ifdef _LARGEFILE64_SOURCE
#define open64             open
#define openat64           openat
#define creat64            creat
#define fallocate64        fallocate
#define posix_fallocate64  posix_fallocate
#define posix_fadvise64    posix_fadvise
#endif

#ifdef __cplusplus
}
#endif
#endif
