/* What set.S leaves: more than 1 KiB, more than 256 bytes on a CPU without good AVX-512, all on a CPU without AVX2; and bzero. */
#include <immintrin.h>
#include <string.h>
#include <strings.h>

#include "string_parts.h"

/* From here on the CPU's own fill is the fastest, where it is good. */
enum { REP_STOS_MIN_BYTES = 4096 };

#define VECTOR __m128i
#define STORE(to, vector) _mm_storeu_si128((__m128i *) (to), vector)
#define TARGET
#define NAMED(name) name##_sse
#include "set_long.h"

#define VECTOR __m256i
#define STORE(to, vector) _mm256_storeu_si256((__m256i *) (to), vector)
#define TARGET __attribute__((target("avx2")))
#define NAMED(name) name##_avx2
#include "set_long.h"

#define VECTOR __m512i
#define STORE(to, vector) _mm512_storeu_si512(to, vector)
#define TARGET __attribute__((target("avx512bw")))
#define NAMED(name) name##_wide
#include "set_long.h"

__attribute__((target("avx512bw"))) void *__hermit_set_wide(void *to, int byte, size_t len)
{
	fill_wide(to, _mm512_set1_epi8((char) byte), byte, len);
	return to;
}

__attribute__((target("avx2"))) void *__hermit_set_avx2(void *to, int byte, size_t len)
{
	fill_avx2(to, _mm256_set1_epi8((char) byte), byte, len);
	return to;
}

static void set_up_to_16(char *to, uint64_t every, size_t len)
{
	if (len >= 8) {
		store_8(to, every);
		store_8(to + len - 8, every);
	} else if (len >= 4) {
		store_4(to, (uint32_t) every);
		store_4(to + len - 4, (uint32_t) every);
	} else if (len >= 1) {
		to[0] = to[len / 2] = to[len - 1] = (char) every;
	}
}

void *__hermit_set_sse(void *target, int byte, size_t len)
{
	char *to = target;
	uint64_t every = 0x0101010101010101u * (unsigned char) byte;
	if (len < 16) {
		set_up_to_16(to, every, len);
		return to;
	}
	__m128i vector = _mm_set1_epi64x((long long) every);
	if (len > 128) {
		fill_sse(to, vector, byte, len);
		return to;
	}
	/* As many vectors from the beginning as from the end, which overlap if they must. */
	size_t count = len > 64 ? 4 : len > 32 ? 2 : 1;
	for (size_t i = 0; i < count; ++i) {
		store_16(to + 16 * i, vector);
		store_16(to + len - 16 * (i + 1), vector);
	}
	return to;
}

void bzero(void *to, size_t len)
{
	memset(to, 0, len);
}
