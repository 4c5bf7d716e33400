/* Comparing: memcmp, bcmp, strcmp, strncmp. */
#include <string.h>
#include <strings.h>

#include "string_parts.h"

enum { WIDTH = 16, PAGE = 4096 };

/* Bit i is set if bytes i differ. */
static inline uint32_t different(const unsigned char *a, const unsigned char *b)
{
	return (uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(load_16(a), load_16(b))) ^ 0xffff;
}

static inline int difference(const unsigned char *a, const unsigned char *b, uint32_t bits)
{
	int at = __builtin_ctz(bits);
	return a[at] - b[at];
}

static inline uint64_t big_endian_8(const void *from)
{
	return __builtin_bswap64(*(const any_8 *) from);
}

static inline uint32_t big_endian_4(const void *from)
{
	return __builtin_bswap32(*(const any_4 *) from);
}

static inline int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Numbers whose first bytes weigh most compare as the bytes do. */
static int compare_up_to_16(const unsigned char *a, const unsigned char *b, size_t len)
{
	if (len >= 8) {
		uint64_t first_a = big_endian_8(a), first_b = big_endian_8(b);
		if (first_a != first_b)
			return order(first_a, first_b);
		return order(big_endian_8(a + len - 8), big_endian_8(b + len - 8));
	}
	if (len >= 4) {
		uint64_t both_a = (uint64_t) big_endian_4(a) << 32 | big_endian_4(a + len - 4);
		uint64_t both_b = (uint64_t) big_endian_4(b) << 32 | big_endian_4(b + len - 4);
		return order(both_a, both_b);
	}
	for (size_t i = 0; i < len; ++i)
		if (a[i] != b[i])
			return a[i] - b[i];
	return 0;
}

int memcmp(const void *first, const void *second, size_t len)
{
	const unsigned char *a = first, *b = second;
	if (len <= WIDTH)
		return compare_up_to_16(a, b, len);
	const unsigned char *last = a + len - WIDTH;
	uint32_t bits;
	for (; a < last; a += WIDTH, b += WIDTH)
		if ((bits = different(a, b)) != 0)
			return difference(a, b, bits);
	b -= a - last;
	bits = different(last, b);
	return bits != 0 ? difference(last, b, bits) : 0;
}

int bcmp(const void *, const void *, size_t) __attribute__((alias("memcmp")));

/* Whether a vector at `at` would reach into the next page. */
static inline int crosses_page(const unsigned char *at)
{
	return ((uintptr_t) at & (PAGE - 1)) > PAGE - WIDTH;
}

int strncmp(const char *first, const char *second, size_t limit)
{
	const unsigned char *a = (const unsigned char *) first, *b = (const unsigned char *) second;
	while (limit != 0) {
		if (limit >= WIDTH && !crosses_page(a) && !crosses_page(b)) {
			__m128i vector = load_16(a);
			uint32_t ends = (uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(vector, _mm_setzero_si128()));
			uint32_t bits = different(a, b) | ends;
			if (bits != 0)
				return difference(a, b, bits);
			a += WIDTH, b += WIDTH, limit -= WIDTH;
			continue;
		}
		if (*a != *b || *a == 0)
			return *a - *b;
		++a, ++b, --limit;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}
