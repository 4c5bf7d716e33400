/* struct statfs: Linux's, x86-64. */
#ifndef _SYS_STATFS_H
#define _SYS_STATFS_H

#include <sys/cdefs.h>
#include <sys/types.h>

typedef struct {
	int __val[2];
} fsid_t;

struct statfs {
	long f_type;
	long f_bsize;
	unsigned long f_blocks;
	unsigned long f_bfree;
	unsigned long f_bavail;
	unsigned long f_files;
	unsigned long f_ffree;
	fsid_t f_fsid;
	long f_namelen;
	long f_frsize;
	long f_flags;
	long f_spare[4];
};

__BEGIN_DECLS

int statfs(const char *__path, struct statfs *__fs);
int fstatfs(int __fd, struct statfs *__fs);

__END_DECLS

#ifdef _LARGEFILE64_SOURCE
#define statfs64  statfs
#define fstatfs64 fstatfs
#endif

#endif
