//# compare: none
//# cpus: 1
//# cflags: -pthread
//# args: 10000
//# stdout: 10000 preemptions, 0 faults\n
//# timeout-s: 240
/*
 * Many times (the argument) a thread that holds a value in every register of its core (general ones, the carry, all that XSAVE knows) and in its
 * red zone is preempted by one of higher priority, which fills the same registers with other values.
 */
#include <cpuid.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { GENERAL = 15, RED_ZONE = 16, TURNS = 20000, SHORTEST_NS = 1000, LONGEST_NS = 1000000 };

/* An area of XSAVE (or FXSAVE, where there is no more than that). */
struct area {
	uint8_t bytes[16 << 10];
} __attribute__((aligned(64)));

/* The assembly below names these. */
uint64_t wanted_general[GENERAL], found_general[GENERAL], wanted_red_zone[RED_ZONE], found_red_zone[RED_ZONE];
struct area wanted, found, others;
uint64_t components; /* those of XSAVE; 0 for FXSAVE */
volatile uint64_t turns, turns_left;
uint8_t found_carry;
const uint32_t usual_mxcsr = 0x1f80;

/* Fills all from `wanted`, turns `turns_left` times (counted by `turns`), stores all to `found`. */
void hold(void);
/* Fills all that a called function may change from `others`. */
void spoil(void);

#define EACH_GENERAL(DO)                                                                                                        \
	DO(0, rax) DO(1, rcx) DO(2, rdx) DO(3, rbx) DO(4, rbp) DO(5, rsi) DO(6, rdi) DO(7, r8) DO(8, r9) DO(9, r10) DO(10, r11) \
	DO(11, r12) DO(12, r13) DO(13, r14) DO(14, r15)
#define EACH_OF_RED_ZONE(DO)                                                                                                    \
	DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14) DO(15)
#define FILL(n, name) "movq wanted_general+8*" #n "(%rip), %" #name "\n"
#define KEEP(n, name) "movq %" #name ", found_general+8*" #n "(%rip)\n"
#define PUT(n) "movq wanted_red_zone+8*" #n "(%rip), %rax; movq %rax, -8-8*" #n "(%rsp)\n"
#define GET(n) "movq -8-8*" #n "(%rsp), %rax; movq %rax, found_red_zone+8*" #n "(%rip)\n"
#define AREA(with, without, area)                                                                                               \
	"movl components(%rip), %eax; movl components+4(%rip), %edx; cmpq $0, components(%rip); je 1f\n"                        \
	with " " area "(%rip); jmp 2f; 1: " without " " area "(%rip); 2:\n"

__asm__(".text\n"
	"hold: push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n" AREA("xrstor64", "fxrstor64", "wanted")
	EACH_OF_RED_ZONE(PUT) EACH_GENERAL(FILL) "stc\n"
	/* These two leave the carry alone, and so does mov. */
	"1: incq turns(%rip); decq turns_left(%rip); jnz 1b\n"
	EACH_GENERAL(KEEP) "setc found_carry(%rip)\n" EACH_OF_RED_ZONE(GET) AREA("xsave64", "fxsave64", "found")
	"fninit; ldmxcsr usual_mxcsr(%rip)\n"
	"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n"
	"spoil: " AREA("xrstor64", "fxrstor64", "others") "fninit; ldmxcsr usual_mxcsr(%rip)\n"
	"xor %ecx, %ecx; xor %esi, %esi; xor %edi, %edi; xor %r8d, %r8d; xor %r9d, %r9d; xor %r10d, %r10d; xor %r11d, %r11d; ret\n");

/* The parts of an area that hold registers: x87's and SSE's control words, and those that are filled at random. */
static struct part {
	unsigned begin, size;
} parts[16] = { { 0, 2 }, { 24, 4 } };
static unsigned parts_count = 2;

static void look_at_cpu(void)
{
	/* Protection keys belong to the kernel; tiles and what comes later want a set-up of their own. */
	static const uint64_t X87_SSE_AVX_AVX512 = 0xe7;
	unsigned size, offset, c, d, low, high;
	for (unsigned i = 0; i < 8; i++)
		parts[parts_count++] = (struct part){ 32 + 16 * i, 10 };
	parts[parts_count++] = (struct part){ 160, 256 };
	if (!__get_cpuid(1, &size, &offset, &c, &d) || !(c & bit_OSXSAVE))
		return;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	components = low & X87_SSE_AVX_AVX512;
	for (unsigned i = 2; i < 8; i++)
		if (components >> i & 1 && __get_cpuid_count(0xd, i, &size, &offset, &c, &d))
			parts[parts_count++] = (struct part){ offset, size };
}

static void fill(struct area *area)
{
	static const uint16_t X87_CONTROL = 0x0b7f;
	static const uint32_t MXCSR_ROUND_UP = 0x5f80;
	for (unsigned i = 2; i < parts_count; i++)
		for (unsigned at = 0; at < parts[i].size; at++)
			area->bytes[parts[i].begin + at] = random();
	memcpy(area->bytes, &X87_CONTROL, sizeof X87_CONTROL);
	memcpy(area->bytes + 24, &MXCSR_ROUND_UP, sizeof MXCSR_ROUND_UP);
	area->bytes[4] = 0xff; /* x87's stack is full */
	memcpy(area->bytes + 512, &components, sizeof components);
}

static unsigned long compare(void)
{
	unsigned long faults = !found_carry;
	for (unsigned i = 0; i < parts_count; i++)
		faults += memcmp(wanted.bytes + parts[i].begin, found.bytes + parts[i].begin, parts[i].size) != 0;
	faults += memcmp(wanted_general, found_general, sizeof wanted_general) != 0;
	return faults + (memcmp(wanted_red_zone, found_red_zone, sizeof wanted_red_zone) != 0);
}

static volatile int done;

static void *compute(void *argument)
{
	unsigned long faults = 0;
	(void)argument;
	while (!done) {
		turns_left = TURNS;
		hold();
		faults += compare();
	}
	return (void *)faults;
}

int main(int argc, char **argv)
{
	const long wanted_preemptions = argc > 1 ? atol(argv[1]) : 0;
	struct sched_param low = { .sched_priority = 1 }, high = { .sched_priority = 2 };
	unsigned long faults;
	long preemptions = 0, pause_ns = SHORTEST_NS;
	pthread_attr_t attributes;
	pthread_t thread;
	look_at_cpu();
	fill(&wanted);
	fill(&others);
	for (int i = 0; i < GENERAL; i++)
		wanted_general[i] = (uint64_t)random() << 32 | random();
	for (int i = 0; i < RED_ZONE; i++)
		wanted_red_zone[i] = (uint64_t)random() << 32 | random();
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &high);
	pthread_attr_init(&attributes);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
	pthread_attr_setschedparam(&attributes, &low);
	if (pthread_create(&thread, &attributes, compute, NULL))
		return 1;
	/*
	 * Only turns that the registers were held for count: `turns_left` is 0 outside of them. Where waking takes longer than the
	 * sleep, as on an emulated CPU, the other thread would never come to hold them: sleeps grow until it does.
	 */
	for (uint64_t before = turns; preemptions < wanted_preemptions; before = turns) {
		nanosleep(&(struct timespec){ .tv_nsec = pause_ns }, NULL);
		spoil();
		if (turns == before)
			pause_ns = pause_ns < LONGEST_NS ? pause_ns * 2 : LONGEST_NS;
		else if (pause_ns > SHORTEST_NS)
			pause_ns -= pause_ns / 16;
		preemptions += turns != before && turns_left;
	}
	done = 1;
	pthread_join(thread, (void **)&faults);
	printf("%ld preemptions, %lu faults\n", preemptions, faults);
	return 0;
}
