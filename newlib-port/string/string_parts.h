/* What the files of this folder share: what the CPU can, loads and stores at any address. */
#ifndef STRING_PARTS_H
#define STRING_PARTS_H

/* HERMIT_CPU_AVX2 and HERMIT_CPU_WIDE, for assembly. */
#define AVX2 1
#define WIDE 2

#ifndef __ASSEMBLER__
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>

#include <hermit/syscall.h>

_Static_assert(AVX2 == HERMIT_CPU_AVX2 && WIDE == HERMIT_CPU_WIDE, "one number, two languages");

/* sys_cpu_features(), or 0 until crt0 has asked: then SSE2 is used, which every CPU has. */
extern uint32_t __hermit_cpu;

typedef uint64_t __attribute__((may_alias, aligned(1))) any_8;
typedef uint32_t __attribute__((may_alias, aligned(1))) any_4;

static inline void store_8(void *to, uint64_t value)
{
	*(any_8 *) to = value;
}

static inline void store_4(void *to, uint32_t value)
{
	*(any_4 *) to = value;
}

static inline __m128i load_16(const void *from)
{
	return _mm_loadu_si128((const __m128i *) from);
}

static inline void store_16(void *to, __m128i value)
{
	_mm_storeu_si128((__m128i *) to, value);
}
#endif
#endif
