/* What the guests of these tests share: the note, the entry, and the doorbell. Freestanding. */
#ifndef GUEST_H
#define GUEST_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long i64;

struct request {
    u32 state, number;
    u64 args[6];
    i64 result;
} __attribute__((aligned(64)));

struct range { u64 start, len; };

struct boot_info {
    u64 magic;
    u32 version, size, isle, nr_cpus;
    u64 flags, argc, envc, strings, strings_len;
    struct range memory[8], shared[4];
    u32 nr_memory, nr_shared;
    u64 tsc_hz, tsc_at_boot, wall_clock_ns, monotonic_ns, clock_gettime, doorbell, doorbell_slots, pid;
};

enum { EXIT = 1, FATAL, LOG, WAIT, KICK, SET_TRAP_ENTRY, SET_SEGMENT_BASE, PROTECT, DISCARD, ENTROPY,
       MOVE = 17, OPEN = 32, CLOSE, READ, WRITE, PREAD, PWRITE, READV, WRITEV, SEEK, STAT, FSTAT, UNLINK };

struct frame {
    u64 xsave, fault_address, r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, vector,
        error_code, rip, cs, rflags, rsp, ss;
};

static struct boot_info *boot;
static u64 context;

static i64 call_on(u64 cpu_context, u32 number, u64 a, u64 b, u64 c, u64 d, u64 e)
{
    volatile struct request request = { 1, number, { a, b, c, d, e, 0 }, -1000 };
    ((void (*)(u64, volatile struct request *))boot->doorbell)(cpu_context, &request);
    /* An interrupt can make any call that could block pend; a request that is refused stays posted for ever. */
    for (u32 turns = 0; request.state == 1 && turns < 1u << 30; turns++) __asm__ volatile("pause");
    return request.state == 2 ? request.result : -1001;
}

static i64 call(u32 number, u64 a, u64 b, u64 c, u64 d, u64 e)
{
    return call_on(context, number, a, b, c, d, e);
}

static u64 length(const char *s)
{
    u64 n = 0;
    while (s[n]) n++;
    return n;
}

static void print(const char *s) { call(WRITE, 1, (u64)s, length(s), 0, 0); }

static void print_number(i64 value)
{
    char digits[24], *p = digits + 23;
    u64 rest = value < 0 ? -(u64)value : (u64)value;
    *p = 0;
    do *--p = '0' + rest % 10; while (rest /= 10);
    if (value < 0) *--p = '-';
    print(p);
}

static void leave(int status) { call(EXIT, status, 0, 0, 0, 0); for (;;) __asm__ volatile("ud2"); }

/* A string of the command line. */
static char *argument(u64 index)
{
    char *s = (char *)boot->strings;
    while (index--) s += length(s) + 1;
    return s;
}

static int is(const char *a, const char *b)
{
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

/* A line of a word and a number. */
static void say(const char *what, i64 value)
{
    print(what);
    print(" ");
    print_number(value);
    print("\n");
}

/* CLOCK_MONOTONIC, in nanoseconds. */
static u64 now(void)
{
    long time[2];
    ((int (*)(int, long *))boot->clock_gettime)(1, time);
    return time[0] * 1000000000 + time[1];
}

/* Posts a request that may pend. */
static void post(volatile struct request *request, u32 number, u64 a, u64 b, u64 c)
{
    *request = (struct request) { 1, number | 1u << 31, { a, b, c, 0, 0, 0 }, -1000 };
    ((void (*)(u64, volatile struct request *))boot->doorbell)(context, request);
}

void guest(void);
void further(u64 cpu, u64 cpu_context);

__attribute__((used, noreturn)) static void start(struct boot_info *info, u64 cpu, u64 doorbell_context)
{
    if (cpu) further(cpu, doorbell_context);
    boot = info;
    context = doorbell_context;
    guest();
    leave(0);
    __builtin_unreachable();
}

__asm__(".globl _start\n_start:\n lea guest_stack+65536(%rip), %rsp\n mov %rsi, %rax\n shl $16, %rax\n add %rax, %rsp\n call start\n ud2\n"
        ".pushsection .note.hermit, \"a\", @note\n.balign 4\n.long 11, 4, 1\n.asciz \"HermitCore\"\n.balign 4\n.long 1\n.popsection\n"
        ".lcomm guest_stack, 4*65536\n");
#endif
