/* Finding a byte: memchr, memrchr, strlen, strnlen, strchr, strchrnul, strrchr.
 *
 * Loads are aligned, so that none reaches into a page that the string does not: what lies before or behind it is masked out.
 */
#include <string.h>

#include "string_parts.h"

enum { WIDTH = 16 };

/* No string is longer, and distances to its end from the vector before it are still positive. */
#define FAR ((size_t) PTRDIFF_MAX / 2)

/* Bit i is set if byte i of the aligned vector is `byte`. */
static inline uint32_t equal(const char *at, __m128i byte)
{
	return (uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(*(const __m128i *) at, byte));
}

static inline const char *align_down(const void *at)
{
	return (const char *) ((uintptr_t) at & -(uintptr_t) WIDTH);
}

/* Clears the bits of bytes before `from`, which lies in the vector at `at`. */
static inline uint32_t not_before(uint32_t bits, const char *at, const char *from)
{
	return bits & (~0u << (from - at));
}

static inline int lowest(uint32_t bits)
{
	return __builtin_ctz(bits);
}

static inline int highest(uint32_t bits)
{
	return 31 - __builtin_clz(bits);
}

size_t strlen(const char *string)
{
	const __m128i zero = _mm_setzero_si128();
	const char *at = align_down(string);
	uint32_t bits = not_before(equal(at, zero), at, string);
	while (bits == 0) {
		at += WIDTH;
		/* Four at a time from a multiple of their length on: they share a page. */
		while (((uintptr_t) at & (4 * WIDTH - 1)) == 0) {
			const __m128i *four = (const __m128i *) at;
			__m128i least = _mm_min_epu8(_mm_min_epu8(four[0], four[1]), _mm_min_epu8(four[2], four[3]));
			if (_mm_movemask_epi8(_mm_cmpeq_epi8(least, zero)) != 0)
				break;
			at += 4 * WIDTH;
		}
		bits = equal(at, zero);
	}
	return (size_t) (at + lowest(bits) - string);
}

void *memchr(const void *memory, int byte, size_t len)
{
	const char *from = memory;
	if (len == 0)
		return NULL;
	if (len > FAR) /* rawmemchr by another name: there is such a byte */
		len = FAR;
	const char *end = from + len;
	const __m128i wanted = _mm_set1_epi8((char) byte);
	const char *at = align_down(from);
	uint32_t bits = not_before(equal(at, wanted), at, from);
	while (bits == 0) {
		if (end - at <= WIDTH)
			return NULL;
		at += WIDTH;
		bits = equal(at, wanted);
	}
	const char *found = at + lowest(bits);
	return found < end ? (void *) found : NULL;
}

size_t strnlen(const char *string, size_t limit)
{
	const char *end = memchr(string, 0, limit);
	return end != NULL ? (size_t) (end - string) : limit;
}

void *memrchr(const void *memory, int byte, size_t len)
{
	const char *from = memory;
	if (len == 0)
		return NULL;
	const __m128i wanted = _mm_set1_epi8((char) byte);
	const char *at = align_down(from + len - 1);
	uint32_t bits = equal(at, wanted) & (~0u >> (31 - (from + len - 1 - at)));
	while (bits == 0) {
		if (at <= from)
			return NULL;
		at -= WIDTH;
		bits = equal(at, wanted);
	}
	const char *found = at + highest(bits);
	return found >= from ? (void *) found : NULL;
}

/* A byte of it is zero where one of `bytes` is zero or is the wanted one. */
static inline __m128i either(__m128i bytes, __m128i wanted)
{
	return _mm_min_epu8(bytes, _mm_xor_si128(bytes, wanted));
}

char *strchrnul(const char *string, int byte)
{
	const __m128i zero = _mm_setzero_si128(), wanted = _mm_set1_epi8((char) byte);
	const char *at = align_down(string);
	uint32_t bits = not_before(equal(at, wanted) | equal(at, zero), at, string);
	while (bits == 0) {
		at += WIDTH;
		/* Four at a time from a multiple of their length on: they share a page. */
		while (((uintptr_t) at & (4 * WIDTH - 1)) == 0) {
			const __m128i *four = (const __m128i *) at;
			__m128i least = _mm_min_epu8(either(four[0], wanted), either(four[1], wanted));
			least = _mm_min_epu8(least, _mm_min_epu8(either(four[2], wanted), either(four[3], wanted)));
			if (_mm_movemask_epi8(_mm_cmpeq_epi8(least, zero)) != 0)
				break;
			at += 4 * WIDTH;
		}
		bits = equal(at, wanted) | equal(at, zero);
	}
	return (char *) at + lowest(bits);
}

char *strchr(const char *string, int byte)
{
	char *found = strchrnul(string, byte);
	return *found == (char) byte ? found : NULL;
}

char *strrchr(const char *string, int byte)
{
	return memrchr(string, byte, strlen(string) + 1);
}

char *index(const char *, int) __attribute__((alias("strchr")));
char *rindex(const char *, int) __attribute__((alias("strrchr")));
