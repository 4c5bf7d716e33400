/* Characters of UTF-16 and UTF-32 (C11 7.28). */
#ifndef _UCHAR_H
#define _UCHAR_H

#include <sys/cdefs.h>
#include <sys/_types.h>
#define __need_size_t
#include <stddef.h>

#ifndef _MBSTATE_T
#define _MBSTATE_T
typedef _mbstate_t mbstate_t;
#endif

/* C++11 has the types built in. */
#if !defined(__cplusplus) || __cplusplus < 201103L
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
#endif

__BEGIN_DECLS

size_t mbrtoc16(char16_t *__restrict __to, const char *__restrict __from, size_t __n, mbstate_t *__restrict __state);
size_t c16rtomb(char *__restrict __to, char16_t __from, mbstate_t *__restrict __state);
size_t mbrtoc32(char32_t *__restrict __to, const char *__restrict __from, size_t __n, mbstate_t *__restrict __state);
size_t c32rtomb(char *__restrict __to, char32_t __from, mbstate_t *__restrict __state);

__END_DECLS

#endif
