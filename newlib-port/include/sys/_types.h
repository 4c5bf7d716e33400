/* <sys/_types.h>: the types behind <sys/types.h>, with the sizes and signs of Linux on x86-64.
 * Replaces newlib's file, whose dev_t, ino_t and nlink_t have 16 bits. */
#ifndef _SYS__TYPES_H
#define _SYS__TYPES_H

#define __need_size_t
#define __need_wint_t
#include <stddef.h>
#include <newlib.h>
#include <sys/config.h>
#include <machine/_types.h>

typedef long __blkcnt_t;
typedef long __blksize_t;
typedef unsigned long __fsblkcnt_t;
typedef unsigned long __fsfilcnt_t;
typedef long _off_t;
typedef long __off_t;
typedef long _off64_t;
typedef long __off64_t;
typedef long __loff_t;
typedef int __pid_t;
typedef unsigned long __dev_t;
typedef unsigned int __uid_t;
typedef unsigned int __gid_t;
typedef unsigned int __id_t;
typedef unsigned long __ino_t;
typedef unsigned int __mode_t;
typedef unsigned long __nlink_t;
typedef int __key_t;
typedef long _fpos_t;

#undef __size_t
typedef unsigned long __size_t;
typedef long _ssize_t;
typedef long __ssize_t;

/* Conversion state of multibyte functions. */
typedef struct {
	int __count;
	union {
		wint_t __wch;
		unsigned char __wchb[4];
	} __value;
} _mbstate_t;

typedef void *_iconv_t;

#define _CLOCK_T_   long
typedef _CLOCK_T_ __clock_t;
#define _TIME_T_    long
typedef _TIME_T_ __time_t;
#define _CLOCKID_T_ int
typedef _CLOCKID_T_ __clockid_t;
#define _TIMER_T_   void *
typedef _TIMER_T_ __timer_t;

typedef unsigned short __sa_family_t;
typedef unsigned int __socklen_t;
#ifndef _SOCKLEN_T_DECLARED /* configure scripts look for it, sockets or not */
#define _SOCKLEN_T_DECLARED
typedef __socklen_t socklen_t;
#endif
typedef int __nl_item;
typedef long __suseconds_t;
typedef unsigned int __useconds_t;
typedef __builtin_va_list __va_list;

#endif
