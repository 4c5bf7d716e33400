/* Characters of UTF-16 and UTF-32 (C11 7.28). wchar_t is UTF-32, so only UTF-16's pairs need work: between two calls the
 * state holds the half of a pair that the next call needs. */
#include <errno.h>
#include <limits.h>
#include <reent.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>

#include "hermit_libc.h"

/* mbstate_t.__count of a state that holds half a pair: no multibyte sequence counts to that. */
#define HALF 0x100

/* Results that are no lengths. */
#define ILLEGAL       ((size_t) -1)
#define NOTHING_TAKEN ((size_t) -3)

static int is_high(char32_t c) { return c >= 0xd800 && c < 0xdc00; }
static int is_low(char32_t c) { return c >= 0xdc00 && c < 0xe000; }

static size_t illegal(void)
{
	errno = EILSEQ;
	return ILLEGAL;
}

static void hold(mbstate_t *state, char32_t half)
{
	state->__count = HALF;
	state->__value.__wch = half;
}

static char32_t take(mbstate_t *state)
{
	char32_t half = (char32_t) state->__value.__wch;
	memset(state, 0, sizeof *state);
	return half;
}

static size_t decode(char32_t *to, const char *from, size_t n, mbstate_t *state)
{
	wchar_t wide;
	size_t result = _mbrtowc_r(_REENT, &wide, from ? from : "", from ? n : 1, state);
	if (from && to && result <= MB_LEN_MAX)
		*to = (char32_t) wide;
	return result;
}

static size_t encode(char *to, char32_t from, mbstate_t *state)
{
	if (to && (is_high(from) || is_low(from) || from > 0x10ffff))
		return illegal();
	return _wcrtomb_r(_REENT, to, (wchar_t) from, state);
}

WEAK size_t mbrtoc32(char32_t *restrict to, const char *restrict from, size_t n, mbstate_t *restrict state)
{
	static mbstate_t own;
	return decode(to, from, n, state ? state : &own);
}

WEAK size_t c32rtomb(char *restrict to, char32_t from, mbstate_t *restrict state)
{
	static mbstate_t own;
	return encode(to, from, state ? state : &own);
}

WEAK size_t mbrtoc16(char16_t *restrict to, const char *restrict from, size_t n, mbstate_t *restrict state)
{
	static mbstate_t own;
	char32_t wide = 0;
	if (!state)
		state = &own;
	if (!from)
		to = NULL;
	if (state->__count == HALF) {
		char32_t low = take(state);
		if (to)
			*to = (char16_t) low;
		return NOTHING_TAKEN;
	}
	size_t result = decode(&wide, from, n, state);
	if (result > MB_LEN_MAX)
		return result;
	if (wide > 0xffff) {
		hold(state, 0xdc00 + (wide & 0x3ff));
		wide = 0xd7c0 + (wide >> 10);
	}
	if (to)
		*to = (char16_t) wide;
	return result;
}

WEAK size_t c16rtomb(char *restrict to, char16_t from, mbstate_t *restrict state)
{
	static mbstate_t own;
	if (!state)
		state = &own;
	if (!to) {
		memset(state, 0, sizeof *state);
		return 1;
	}
	if (state->__count == HALF) {
		char32_t high = take(state);
		if (!is_low(from))
			return illegal();
		return encode(to, ((high - 0xd7c0) << 10) + (from - 0xdc00u), state);
	}
	if (is_high(from)) {
		hold(state, from);
		return 0;
	}
	return encode(to, from, state);
}
