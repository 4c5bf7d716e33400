/* Lets musl's POSIX functions compile with our headers: force-included in front of each (steps/libc/musl_posix.rs). Beside
 * it lie headers that stand in for musl's internal ones of the same names. The macros are musl's own words for attributes,
 * and names that newlib's headers give another meaning. */
#ifndef HERMIT_MUSL_POSIX_H
#define HERMIT_MUSL_POSIX_H

#include <features.h>
#include <langinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#define hidden                __attribute__((__visibility__("hidden")))
#define weak                  __attribute__((__weak__))
#define weak_alias(old, new)  extern __typeof(old) new __attribute__((__weak__, __alias__(#old)))

#ifndef CHARCLASS_NAME_MAX
#define CHARCLASS_NAME_MAX 14
#endif

/* musl's names for large files are functions, those of our headers macros. */
#undef _LARGEFILE64_SOURCE

/* Time zones: sys/hermit/time_zone.c says which zone is wanted and reads its file. */
#define __tm_gmtoff           tm_gmtoff
#define __tm_zone             tm_zone
#define index                 zone_index /* a variable there, a function in <strings.h> */
#define __libc_malloc         malloc
#define __strchrnul           strchrnul
#define __munmap(file, size)  __hermit_zone_file_done(file)
#undef TZNAME_MAX
#define TZNAME_MAX            63
void __hermit_zone_file_done(void *file);
const unsigned char *__map_file(const char *path, size_t *size);
#ifdef HERMIT_ZONES
char *__hermit_zone_wanted(void);
#define getenv(name)          __hermit_zone_wanted()
#define tzset                 __hermit_musl_tzset
#endif

/* iconv's UTF-8, which is not the locale's: musl's functions by other names. */
#ifdef HERMIT_UTF8
#undef MB_CUR_MAX
#define MB_CUR_MAX            4
#define mbrtowc               __hermit_utf8_mbrtowc
#define wcrtomb               __hermit_utf8_wcrtomb
#define wctomb(s, c)          ((int) __hermit_utf8_wcrtomb(s, c, NULL))
size_t mbrtowc(wchar_t *restrict, const char *restrict, size_t, mbstate_t *restrict);
size_t wcrtomb(char *restrict, wchar_t, mbstate_t *restrict);
#endif

/* The resolver's functions for each other, which are musl's <resolv.h> and <netdb.h> inside. */
#ifdef HERMIT_NETWORK
#define itoa                  __hermit_itoa /* a static function there, newlib's own in <stdlib.h> */
#include <stdint.h>
#include <sys/socket.h>
int __dn_expand(const unsigned char *, const unsigned char *, const unsigned char *, char *, int);
int __res_mkquery(int, const char *, int, int, const unsigned char *, int, const unsigned char *, unsigned char *, int);
int __res_send(const unsigned char *, int, unsigned char *, int);
int __res_msend(int, const unsigned char *const *, const int *, unsigned char *const *, int *, int);
#endif

/* scanf and what it reads numbers with, on sys/hermit/scanf.c's sources instead of musl's streams. */
#ifdef HERMIT_SCAN
#define _STDIO_IMPL_H         /* musl's own, which lies beside shgetc.h */
#include <ctype.h>
#include <math.h>
#include <wctype.h>
#include "../sys/hermit/scan_source.h"
#define FILE                  struct scan_source
#define FLOCK(source)         ((void) 0)
#define FUNLOCK(source)       ((void) 0)
#define __toread(source)      ((void) 0)
#define __uflow               __hermit_scan_more
#define vfscanf               __hermit_scan
#define vfwscanf              __hermit_wide_scan
#define fscanf                __hermit_scan_number
#undef getwc
#define getwc                 __hermit_scan_wide
#undef ungetwc
#define ungetwc               __hermit_scan_back
#define fwide(source, way)    ((void) 0)
#undef weak_alias
#define weak_alias(old, new)  struct hermit_no_alias

/* libc.a does not need libm.a. */
static inline long double hermit_scalbnl(long double x, int exponent)
{
	__asm__("fscale" : "+t"(x) : "u"((long double) exponent));
	return x;
}
static inline long double hermit_fmodl(long double x, long double y)
{
	unsigned short status;
	do
		__asm__("fprem; fnstsw %1" : "+t"(x), "=a"(status) : "u"(y) : "cc");
	while (status & 0x400); /* there is more to do */
	return x;
}
#define scalbn(x, exponent)   ((double) hermit_scalbnl(x, exponent))
#define scalbnl               hermit_scalbnl
#define fmodl                 hermit_fmodl
#define copysignl             __builtin_copysignl
#define fabsl                 __builtin_fabsl
#endif

/* catopen asks for the name of the locale in musl's way. */
#define _NL_LOCALE_NAME(category) setlocale(category, NULL)
#define nl_langinfo(name)         (name)

/* regexec with REG_STARTEND, regerror with glibc's texts: sys/hermit/regex.c. */
#define regexec               __hermit_regexec

#endif
