/* What glibc's <stdio.h> has beyond newlib's, whose end includes this (patches/0014). */
#ifndef _SYS__STDIO_GNU_H
#define _SYS__STDIO_GNU_H

#if __POSIX_VISIBLE
char *ctermid(char *__buffer);
#endif

/* off_t has 64 bits: the names for large files are the plain ones. */
#ifdef _LARGEFILE64_SOURCE
#define fopen64   fopen
#define freopen64 freopen
#define fseeko64  fseeko
#define ftello64  ftello
#define fgetpos64 fgetpos
#define fsetpos64 fsetpos
#define tmpfile64 tmpfile
#define fpos64_t  fpos_t
#endif

#endif
