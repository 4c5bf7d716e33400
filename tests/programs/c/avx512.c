//# requires: cpu:avx512f
//# isles: process
/* AVX-512 code runs, and its registers survive faults, whose handlers use them too. */
#include <immintrin.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { REGISTERS = 32, BYTES = REGISTERS * 64 };

static unsigned char *page;
static volatile int faults;
/* The assembly below names these. */
unsigned char wanted[BYTES] __attribute__((aligned(64))), found[BYTES] __attribute__((aligned(64)));
uint16_t wanted_mask = 0xa53c, found_mask;

#define EACH(DO) \
	DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14) DO(15) DO(16) DO(17) DO(18) \
	DO(19) DO(20) DO(21) DO(22) DO(23) DO(24) DO(25) DO(26) DO(27) DO(28) DO(29) DO(30) DO(31)
#define LOAD(n) "vmovdqu64 wanted+64*" #n "(%%rip), %%zmm" #n "\n"
#define STORE(n) "vmovdqu64 %%zmm" #n ", found+64*" #n "(%%rip)\n"
#define CLEAR(n) "vpxorq %%zmm" #n ", %%zmm" #n ", %%zmm" #n "\n"
#define CLOBBER "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", \
	"xmm15", "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", \
	"xmm30", "xmm31", "k3"

/* Lets the access go on, with every register changed meanwhile. */
__attribute__((target("avx512f"))) static void handle(int signal)
{
	(void)signal;
	faults++;
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
	__asm__ volatile(EACH(CLEAR) "kxorw %%k3, %%k3, %%k3" : : : CLOBBER);
}

/* Whether all registers are after a fault what they were before it. */
__attribute__((target("avx512f"), noinline)) static int survive(void)
{
	mprotect(page, 4096, PROT_NONE);
	memset(found, 0, sizeof found);
	__asm__ volatile(EACH(LOAD) "kmovw wanted_mask(%%rip), %%k3\n"
			 "movb $1, (%0)\n"
			 "kmovw %%k3, found_mask(%%rip)\n" EACH(STORE)
			 : : "r"(page) : "memory", CLOBBER);
	return memcmp(wanted, found, sizeof found) == 0 && found_mask == wanted_mask;
}

__attribute__((target("avx512f"), noinline)) static double sum(const double *values, int count)
{
	__m512d total = _mm512_setzero_pd();
	for (int i = 0; i < count; i += 8)
		total = _mm512_fmadd_pd(_mm512_loadu_pd(values + i), _mm512_set1_pd(2), total);
	return _mm512_reduce_add_pd(total);
}

int main(void)
{
	double values[64];
	for (int i = 0; i < 64; i++)
		values[i] = i;
	printf("%g\n", sum(values, 64));
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	signal(SIGSEGV, handle);
	for (int i = 0; i < BYTES; i++)
		wanted[i] = (unsigned char)(i * 7 + i / 64 + 1);
	for (int i = 0; i < 3; i++)
		printf("survived %d\n", survive());
	printf("faults %d, written %d\n", faults, page[0]);
	return 0;
}
