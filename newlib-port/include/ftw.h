/* <ftw.h>: walks of trees of files, by musl. Numbers are Linux's. */
#ifndef _FTW_H
#define _FTW_H

#include <sys/cdefs.h>
#include <sys/stat.h>
#include <sys/types.h>

/* What a walk meets. */
#define FTW_F   0   /* a file that is no folder */
#define FTW_D   1   /* a folder */
#define FTW_DNR 2   /* a folder that cannot be read */
#define FTW_NS  3   /* something that stat knows nothing of */
#define FTW_SL  4   /* a symbolic link */
#define FTW_DP  5   /* a folder whose contents were met before */
#define FTW_SLN 6   /* a symbolic link that leads nowhere */

/* Flags of nftw. */
#define FTW_PHYS  1 /* do not follow symbolic links */
#define FTW_MOUNT 2 /* stay in one file system */
#define FTW_CHDIR 4 /* accepted, but the working directory stays as it is */
#define FTW_DEPTH 8 /* folders after their contents */

struct FTW {
	int base;   /* where the name begins in the path */
	int level;  /* 0: where the walk began */
};

__BEGIN_DECLS
int ftw(const char *__path, int (*__meet)(const char *, const struct stat *, int), int __fds);
int nftw(const char *__path, int (*__meet)(const char *, const struct stat *, int, struct FTW *), int __fds, int __flags);
__END_DECLS

#ifdef _LARGEFILE64_SOURCE
#define ftw64  ftw
#define nftw64 nftw
#endif

#endif
