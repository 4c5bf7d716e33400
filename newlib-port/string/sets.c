/* Bytes of a set, and strings in strings: strspn, strcspn, strpbrk, strstr.
 *
 * Loads are aligned, or end where an aligned one without the end of the string has shown that the string goes on. The names are
 * weak, since a program may bring one of them.
 */
#define _GNU_SOURCE
#include <string.h>

#include "string_parts.h"

/* So many members are compared with 16 bytes at once; larger sets have a table. */
enum { WIDTH = 16, FEW = 6 };

static inline const char *align_down(const void *at)
{
	return (const char *) ((uintptr_t) at & -(uintptr_t) WIDTH);
}

/* Bit i is set if byte i of the aligned vector is a member of the set, or the zero at the end. */
static inline uint32_t members(const char *at, const __m128i *set, int count)
{
	__m128i bytes = *(const __m128i *) at, found = _mm_cmpeq_epi8(bytes, _mm_setzero_si128());
	for (int i = 0; i < count; ++i)
		found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, set[i]));
	return (uint32_t) _mm_movemask_epi8(found);
}

/* How far the string has no member (inside 0) or only members (inside 1) of a small set. */
static inline size_t span_few(const char *string, const char *set, int count, int inside)
{
	__m128i wanted[FEW];
	for (int i = 0; i < count; ++i)
		wanted[i] = _mm_set1_epi8(set[i]);
	uint32_t flip = inside ? 0xffff : 0;
	const char *at = align_down(string);
	for (uint32_t known = ~0u << (string - at);; known = ~0u, at += WIDTH) {
		uint32_t bits = members(at, wanted, count);
		if (inside) /* the end of the string is no member */
			bits &= ~(uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(*(const __m128i *) at, _mm_setzero_si128()));
		bits = (bits ^ flip) & known;
		if (bits != 0)
			return (size_t) (at + __builtin_ctz(bits) - string);
	}
}

static size_t span_many(const char *string, const char *set, unsigned char inside)
{
	unsigned char stops[256];
	memset(stops, inside, sizeof(stops));
	for (; *set != '\0'; ++set)
		stops[(unsigned char) *set] = !inside;
	stops[0] = 1;
	const unsigned char *at = (const unsigned char *) string;
	while (!stops[*at])
		++at;
	return (size_t) ((const char *) at - string);
}

__attribute__((weak)) size_t strcspn(const char *string, const char *set)
{
	size_t count = strnlen(set, FEW + 1);
	return count <= FEW ? span_few(string, set, (int) count, 0) : span_many(string, set, 0);
}

__attribute__((weak)) size_t strspn(const char *string, const char *set)
{
	size_t count = strnlen(set, FEW + 1);
	return count <= FEW ? span_few(string, set, (int) count, 1) : span_many(string, set, 1);
}

__attribute__((weak)) char *strpbrk(const char *string, const char *set)
{
	const char *found = string + strcspn(string, set);
	return *found != '\0' ? (char *) found : NULL;
}

/* Candidates begin with the first two bytes. Where they are many and wrong, memmem goes on, which takes no longer than the
 * string is long. */
__attribute__((weak)) char *strstr(const char *string, const char *wanted)
{
	if (wanted[0] == '\0')
		return (char *) string;
	if (wanted[1] == '\0')
		return strchr(string, wanted[0]);
	const __m128i zero = _mm_setzero_si128(), first = _mm_set1_epi8(wanted[0]), second = _mm_set1_epi8(wanted[1]);
	size_t len = strlen(wanted);
	long patience = 1024;
	const char *at = align_down(string);
	for (uint32_t known = ~0u << (string - at);; known = ~0u, at += WIDTH) {
		__m128i bytes = *(const __m128i *) at;
		uint32_t end = (uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, zero)) & known;
		uint32_t bits = (uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, first)) & known;
		if (end != 0)
			bits &= (end & -end) - 1;
		else if (bits != 0) /* the byte behind this vector is the string's */
			bits &= (uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(load_16(at + 1), second));
		for (; bits != 0; bits &= bits - 1) {
			const char *candidate = at + __builtin_ctz(bits);
			if (strncmp(candidate, wanted, len) == 0)
				return (char *) candidate;
			if ((patience -= (long) len) < 0)
				return memmem(candidate, strlen(candidate), wanted, len);
		}
		if (end != 0)
			return NULL;
		patience += WIDTH;
	}
}
