/* strtol(3), wcstol(3) and their kin, on musl's __intscan: newlib's take no "0" of "0xg", know bases beyond 36, and wide spaces by half. */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

#include "hermit_libc.h"
#include "scan_source.h"

/* musl's; `limit` is what is one too much, or LONG_MIN for signed numbers. */
extern void __shlim(struct scan_source *source, off_t limit);
extern unsigned long long __intscan(struct scan_source *source, unsigned base, int may_give_back, unsigned long long limit);

/* The number at the beginning of `source`, and how many bytes it is long. */
static unsigned long long number_in(struct scan_source *source, int base, unsigned long long limit, size_t *bytes)
{
	__shlim(source, 0);
	unsigned long long number = __intscan(source, (unsigned) base, 1, limit);
	*bytes = (size_t) (source->shcnt + (source->rpos - source->buf));
	return number;
}

static unsigned long long of_text(const char *text, char **end, int base, unsigned long long limit)
{
	unsigned char *bytes = (unsigned char *) text;
	struct scan_source source = {.buf = bytes, .rpos = bytes, .rend = (unsigned char *) -1};
	size_t used;
	unsigned long long number = number_in(&source, base, limit, &used);
	if (end != NULL)
		*end = (char *) text + used;
	return number;
}

/* All that a number consists of is one byte long. */
static unsigned long long of_wide_text(const wchar_t *text, wchar_t **end, int base, unsigned long long limit)
{
	const wchar_t *begin = text;
	while (iswspace(*begin))
		begin++;
	struct scan_source source = {.wide = begin, .has_end = 1, .pending = WEOF};
	source.rpos = source.rend = source.bytes;
	size_t used;
	unsigned long long number = number_in(&source, base, limit, &used);
	if (end != NULL)
		*end = (wchar_t *) (used > 0 ? begin + used : text);
	return number;
}

/* A function, the same for a locale, and newlib's for itself. */
#define NUMBER(type, name, character, work, limit)                                                          \
	WEAK type name(const character *restrict text, character **restrict end, int base)                      \
	{                                                                                                       \
		return (type) work(text, end, base, limit);                                                         \
	}                                                                                                       \
	WEAK type name##_l(const character *restrict text, character **restrict end, int base, locale_t locale) \
	{                                                                                                       \
		return (type) work(text, end, base, limit);                                                         \
	}                                                                                                       \
	type _##name##_r(struct _reent *reent, const character *restrict text, character **restrict end, int base) \
	{                                                                                                       \
		return (type) work(text, end, base, limit);                                                         \
	}

#define BOTH(type, name, limit)                       \
	NUMBER(type, strto##name, char, of_text, limit)   \
	NUMBER(type, wcsto##name, wchar_t, of_wide_text, limit)

BOTH(long, l, LLONG_MIN)
BOTH(unsigned long, ul, ULLONG_MAX)
BOTH(long long, ll, LLONG_MIN)
BOTH(unsigned long long, ull, ULLONG_MAX)
BOTH(intmax_t, imax, LLONG_MIN)
BOTH(uintmax_t, umax, ULLONG_MAX)
