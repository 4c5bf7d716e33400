/* <mntent.h>: tables of mounted file systems; /proc/mounts is the host's. */
#ifndef _MNTENT_H
#define _MNTENT_H

#include <paths.h>
#include <stdio.h>
#include <sys/cdefs.h>

#define MNTTAB  "/etc/fstab"
#define MOUNTED "/etc/mtab"

#define MNTTYPE_IGNORE  "ignore"
#define MNTTYPE_NFS     "nfs"
#define MNTTYPE_SWAP    "swap"
#define MNTOPT_DEFAULTS "defaults"
#define MNTOPT_RO       "ro"
#define MNTOPT_RW       "rw"
#define MNTOPT_SUID     "suid"
#define MNTOPT_NOSUID   "nosuid"
#define MNTOPT_NOAUTO   "noauto"

struct mntent {
	char *mnt_fsname;
	char *mnt_dir;
	char *mnt_type;
	char *mnt_opts;
	int mnt_freq;
	int mnt_passno;
};

__BEGIN_DECLS
FILE *setmntent(const char *__path, const char *__mode);
int endmntent(FILE *__file);
struct mntent *getmntent(FILE *__file);
struct mntent *getmntent_r(FILE *__restrict __file, struct mntent *__restrict __entry, char *__restrict __buffer, int __len);
int addmntent(FILE *__restrict __file, const struct mntent *__restrict __entry);
char *hasmntopt(const struct mntent *__entry, const char *__option);
__END_DECLS

#endif
