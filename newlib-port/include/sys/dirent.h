/* <dirent.h>: struct dirent is what getdents64(2) writes. */
#ifndef _SYS_DIRENT_H
#define _SYS_DIRENT_H

#include <sys/types.h>

struct dirent {
	ino_t d_ino;
	off_t d_off;              /* opaque, for seekdir */
	unsigned short d_reclen;  /* bytes of this entry */
	unsigned char d_type;     /* DT_* */
	char d_name[256];
};
#define d_fileno d_ino
#define _DIRENT_HAVE_D_TYPE
#define _DIRENT_HAVE_D_RECLEN
#define _DIRENT_HAVE_D_OFF

#define DT_UNKNOWN 0
#define DT_FIFO    1
#define DT_CHR     2
#define DT_DIR     4
#define DT_BLK     6
#define DT_REG     8
#define DT_LNK     10
#define DT_SOCK    12
#define DT_WHT     14
#define IFTODT(mode)  (((mode) & 0170000) >> 12)
#define DTTOIF(dtype) ((dtype) << 12)

typedef struct __dirstream DIR;

#endif
