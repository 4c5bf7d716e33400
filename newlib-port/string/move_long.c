/* What move.S leaves: more than 512 bytes, more than 256 on a CPU without good AVX-512, and from 32 bytes on all on a CPU without
 * AVX2; and mempcpy.
 *
 * Loops of vectors, with stores past the caches for what does not fit into them. Not the CPU's REP MOVSB: it gains nothing over the
 * loops, and where source and target lie almost a multiple of 4 KiB apart it is thirty times slower on some CPUs (Zen 4).
 */
#include <immintrin.h>
#include <string.h>

#include "string_parts.h"

/* From this size on a copy goes past the caches: what does not fit into them would only throw others' data out. */
enum { STREAM_MIN_BYTES = 24 << 20 };
/* How far the source is fetched ahead of such a copy. */
enum { STREAM_AHEAD_BYTES = 512 };

#define VECTOR __m128i
#define LOAD(from) _mm_loadu_si128((const __m128i *) (from))
#define STORE(to, vector) _mm_storeu_si128((__m128i *) (to), vector)
#define STREAM(to, vector) _mm_stream_si128((__m128i *) (to), vector)
#define TARGET
#define NAMED(name) name##_sse
#include "move_long.h"

#define VECTOR __m256i
#define LOAD(from) _mm256_loadu_si256((const __m256i *) (from))
#define STORE(to, vector) _mm256_storeu_si256((__m256i *) (to), vector)
#define STREAM(to, vector) _mm256_stream_si256((__m256i *) (to), vector)
#define TARGET __attribute__((target("avx2")))
#define NAMED(name) name##_avx2
#include "move_long.h"

#define VECTOR __m512i
#define LOAD(from) _mm512_loadu_si512(from)
#define STORE(to, vector) _mm512_storeu_si512(to, vector)
#define STREAM(to, vector) _mm512_stream_si512((__m512i *) (to), vector)
#define TARGET __attribute__((target("avx512f")))
#define NAMED(name) name##_wide
#include "move_long.h"

__attribute__((target("avx512f"))) void *__hermit_move_wide(void *to, const void *from, size_t len)
{
	loop_wide(to, from, len);
	return to;
}

__attribute__((target("avx2"))) void *__hermit_move_avx2(void *to, const void *from, size_t len)
{
	loop_avx2(to, from, len);
	return to;
}

/* `count` vectors from the beginning and as many from the end, which overlap if they must. */
static inline void move_ends(char *to, const char *from, size_t len, int count)
{
	__m128i first[4], last[4];
	for (int i = 0; i < count; ++i) {
		first[i] = load_16(from + 16 * i);
		last[i] = load_16(from + len - 16 * (i + 1));
	}
	for (int i = 0; i < count; ++i) {
		store_16(to + 16 * i, first[i]);
		store_16(to + len - 16 * (i + 1), last[i]);
	}
}

void *__hermit_move_sse(void *to, const void *from, size_t len)
{
	if (len <= 64)
		move_ends(to, from, len, 2);
	else if (len <= 128)
		move_ends(to, from, len, 4);
	else
		loop_sse(to, from, len);
	return to;
}

void *mempcpy(void *restrict to, const void *restrict from, size_t len)
{
	return (char *) memcpy(to, from, len) + len;
}
