/* <sys/sysmacros.h>: device numbers taken apart, as Linux packs them. */
#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H

#define major(device) \
	((unsigned) ((((device) >> 8) & 0xfffu) | ((unsigned) ((unsigned long) (device) >> 32) & ~0xfffu)))
#define minor(device) ((unsigned) (((device) & 0xffu) | ((unsigned) ((unsigned long) (device) >> 12) & ~0xffu)))
#define makedev(major, minor) \
	(((major) & 0xfffUL) << 8 | ((major) & ~0xfffUL) << 32 | ((minor) & 0xffUL) | \
	 ((minor) & ~0xffUL) << 12)

#endif
