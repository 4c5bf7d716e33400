/* A guest for the process isle; the first argument says what to do. */
#include "guest.h"

static long raw(u64 number, u64 a, u64 b, u64 c)
{
    long result;
    register u64 fourth __asm__("r10") = 0;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                     : "rcx", "r11", "memory");
    return result;
}

/* Skips the two-byte load from 0x1000, reports everything else. */
static void trap(struct frame *frame)
{
    say("trap", frame->vector);
    if (frame->fault_address == 0x1000) {
        frame->rip += 2;
        return;
    }
    call(FATAL, 11, (u64)frame, (u64) "a guest's words", 15, 0);
}

__attribute__((noinline)) static void innermost(volatile int *address) { *address = 1; }
__attribute__((noinline)) static void middle(void)
{
    innermost((int *)8);
    print("?");
}

static void arguments(void)
{
    u64 sum = 0;
    const u8 *bytes = (const u8 *)boot->strings;
    for (u64 i = 0; i < boot->strings_len; i++) sum = sum * 31 + bytes[i];
    say("argc", boot->argc);
    say("envc", boot->envc);
    say("len", boot->strings_len);
    say("sum", sum & 0xffffffff);
}

static void hostile(void)
{
    void (*ring)(u64, u64) = (void (*)(u64, u64))boot->doorbell;
    u64 page = boot->memory[0].start;
    u64 addresses[] = { 0, 8, 63, boot->doorbell, context, ~7ul, page + boot->memory[0].len };
    for (u64 i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        ring(context, addresses[i]);
        say("write", call(WRITE, 1, addresses[i], 64, 0, 0));
        say("read", call(READ, 0, addresses[i], 64, 0, 0));
        say("stat", call(FSTAT, 1, addresses[i], 0, 0, 0));
        say("entry", call(SET_TRAP_ENTRY, addresses[i], 0, 0, 0, 0));
    }
    say("long", call(WRITE, 1, page, ~0ul, 0, 0));
    say("handle", call(WRITE, 3, page, 1, 0, 0));
    say("protect", call(PROTECT, page, 4096, 0, 0, 0));
    ring(context, page);
    say("hidden", call(WRITE, 1, page, 10, 0, 0));
    say("path", call(STAT, -100, page, 10, 0, page + 64));
    say("vector", call(WRITEV, 1, page, 2, 0, 0));
    say("outside", call(PROTECT, boot->doorbell & ~4095ul, 4096, 3, 0, 0));
    say("executable", call(PROTECT, page, 4096, 7, 0, 0));
    say("crooked", call(SET_TRAP_ENTRY, (u64)trap, page + 4, 0, 0, 0));
    say("half a page", call(PROTECT, page, 2048, 3, 0, 0));
    say("behind", call(PROTECT, page + boot->memory[0].len - 4096, 8192, 3, 0, 0));
    say("discard half a page", call(DISCARD, page, 2048, 0, 0, 0));
    say("discard behind", call(DISCARD, page + boot->memory[0].len - 4096, 8192, 0, 0, 0));
    say("again", call(PROTECT, page, 4096, 3, 0, 0));
    *(volatile u64 *)page = 7;
    say("discard", call(DISCARD, page, 4096, 0, 0, 0));
    say("zero", *(volatile u64 *)page);
    u64 reserved = 0x2a0000000000 - 4096;
    *(volatile u64 *)page = 7;
    say("move to the proxy", call(MOVE, page, boot->doorbell & ~4095ul, 4096, 0, 0));
    say("move from the proxy", call(MOVE, boot->doorbell & ~4095ul, reserved, 4096, 0, 0));
    say("move in RAM", call(MOVE, page, page + 8192, 4096, 0, 0));
    say("move half a page", call(MOVE, page, reserved, 2048, 0, 0));
    say("move behind", call(MOVE, page, reserved, 8192, 0, 0));
    say("move nothing", call(MOVE, page, reserved, 0, 0, 0));
    say("nothing there", call(PROTECT, reserved, 4096, 3, 0, 0));
    say("kept", *(volatile u64 *)page);
    say("moved", call(MOVE, page, reserved, 4096, 0, 0));
    say("zero", *(volatile u64 *)reserved);
    ring(context, page);
    say("taken", call(MOVE, page, reserved, 4096, 0, 0));
    say("executable", call(PROTECT, reserved, 4096, 5, 0, 0));
    say("unknown", call(4711, 0, 0, 0, 0, 0));
    u64 bases[] = { 1ul << 47, 1ul << 63, 0x800000000000ul, 0x7fffffffffffffff, ~0ul };
    for (u64 i = 0; i < sizeof bases / sizeof *bases; i++)
        for (u64 which = 0; which < 3; which++) say("base", call(SET_SEGMENT_BASE, which, bases[i], 0, 0, 0));
    say("good base", call(SET_SEGMENT_BASE, 0, page, 0, 0, 0));
    say("other base", call(SET_SEGMENT_BASE, 1, page, 0, 0, 0));
    say("still here", call(4711, 0, 0, 0, 0, 0));
}

/* Copies standard input to standard output in pieces of 1 MiB. */
static void copy(void)
{
    u64 buffer = boot->memory[0].start + (1 << 20);
    for (i64 count; (count = call(READ, 0, buffer, 1 << 20, 0, 0)) > 0;)
        for (i64 done = 0; done < count;) {
            i64 now = call(WRITE, 1, buffer + done, count - done, 0, 0);
            if (now < 0) leave(1);
            done += now;
        }
}

static volatile u64 pending, interrupted;
static void interrupt(struct frame *frame) { interrupted = frame->vector; }

/* Whether the timer ends a sleep, at one of some attempts: on a busy host it may come before the sleep. */
static int woken_by_timer(void)
{
    for (int i = 0; i < 5; i++) {
        interrupted = pending = 0;
        u64 end = now() + 5000000000;
        call(12, now() + 50000000, 0, 0, 0, 0);
        if (!interrupted) call(WAIT, end, 0, 0, 0, 0);
        if (now() < end && !interrupted) return 1;
    }
    return 0;
}

/* Sleeps, kicks itself, and is interrupted by its timer: in its own code, or with a note if it was in the host. */
static void time(void)
{
    call(SET_TRAP_ENTRY, (u64)interrupt, (u64)&pending, 0, 0, 0);
    u64 before = now();
    call(WAIT, before + 20000000, 0, 0, 0, 0);
    say("slept", now() >= before + 20000000);
    say("kick", call(KICK, 0, 34, 0, 0, 0));
    say("pending", pending);
    pending = 0;
    say("wait", call(WAIT, ~0ul, 0, 0, 0, 0));
    before = now();
    call(12, before + 20000000, 0, 0, 0, 0);
    while (!interrupted && !pending && now() < before + 10000000000) {}
    say("timer", interrupted ? interrupted : pending == 2 ? 33 : 0);
    say("due", now() >= before + 20000000);
    /* A deadline that is over, even the first that there is, comes at once. */
    interrupted = pending = 0;
    before = now();
    call(12, 0, 0, 0, 0, 0);
    while (!interrupted && !pending && now() < before + 10000000000) {}
    say("overdue", interrupted ? interrupted : pending == 2 ? 33 : 0);
    say("woken", woken_by_timer());
}

static volatile u64 arrived;

void further(u64 cpu, u64 cpu_context)
{
    call_on(cpu_context, WRITE, 2, (u64) "further\n", 8, 0, 0);
    arrived = cpu;
    call_on(cpu_context, KICK, 0, 34, 0, 0, 0);
    for (;;) call_on(cpu_context, WAIT, ~0ul, 0, 0, 0, 0);
}

/* Starts the second vCPU and sleeps until that one kicks. */
static void cpus(void)
{
    say("cpus", boot->nr_cpus);
    say("start", call(11, 1, 0, 0, 0, 0));
    say("again", call(11, 1, 0, 0, 0, 0));
    say("beyond", call(11, boot->nr_cpus, 0, 0, 0, 0));
    while (!arrived) call(WAIT, ~0ul, 0, 0, 0, 0);
    say("arrived", arrived);
}

/* The same, and sleeps on, with all vCPUs. */
static void cpus_asleep(void)
{
    cpus();
    for (;;) call(WAIT, ~0ul, 0, 0, 0, 0);
}

/* Faults, and so does what is told of it. */
static void trap_that_faults(struct frame *frame) { *(volatile u64 *)8 = frame->vector; }
static void fault_in_trap(void)
{
    call(SET_TRAP_ENTRY, (u64)trap_that_faults, 0, 0, 0, 0);
    *(volatile int *)8 = 1;
}

/* Bytes that are not zero behind the last that the image's file has, in its page, but for what was written there. */
static volatile char initialized = 1;
extern char _edata[];
static int is_within(const char *byte, const void *variable) { return (u64)byte - (u64)variable < sizeof(u64); }
static void not_zero(void)
{
    i64 bytes = 0, faults = 0;
    for (char *byte = _edata; (u64)byte % 4096; byte++, bytes++)
        faults += *(volatile char *)byte != 0 && !is_within(byte, &boot) && !is_within(byte, &context);
    say("bytes", bytes + initialized > 3000);
    say("not zero", faults);
}

/* Lets the host's SIGUSR1 interrupt a read. */
static void caught(struct frame *frame) { say("signal", frame->vector * 100 + frame->error_code); }
static void signals(void)
{
    char byte;
    call(SET_TRAP_ENTRY, (u64)caught, 0, 0, 0, 0);
    say("sigsegv", call(13, 11, 2, 0, 0, 0));
    say("sigusr1", call(13, 10, 2, 0, 0, 0));
    say("read", call(READ, 0, (u64)&byte, 1, 0, 0));
}

/* Sets its timer again and again, far ahead. */
static void timers(void)
{
    i64 count = 0;
    for (int i = 0; i < 10000; i++) count += call(12, now() + 1000000000000 + i, 0, 0, 0, 0) == 0;
    say("set", count);
    call(WAIT, ~0ul, 0, 0, 0, 0);
}

/* Makes a system call by itself; arguments that are not given are -1. */
static u64 number(const char *s)
{
    u64 n = 0;
    while (*s) n = n * 10 + (*s++ - '0');
    return n;
}
static void system_call(void)
{
    u64 args[3] = { -1, -1, -1 };
    for (u64 i = 3; i < boot->argc && i < 6; i++) args[i - 3] = number(argument(i));
    say("result", raw(number(argument(2)), args[0], args[1], args[2]));
}

/* write(2) by the entrance of 32-bit programs. */
static void int80(void)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(4), "b"(2), "c"(0), "d"(0) : "memory");
    say("result", result);
}

/* Waits as an idle kernel does, and wants the note of vector 32, ANSWER. */
static void answered(const char *what, volatile struct request *request)
{
    while (request->state != 2 || (!(pending & 1) && interrupted != 32)) call(WAIT, ~0ul, 0, 0, 0, 0);
    say(what, request->result);
}

static volatile struct request slow[80];

/* A read, a poll and a large write that wait in the host, and calls that go through meanwhile. */
static void pend(void)
{
    char text[8] = "";
    struct { int handle; short events, revents; } set = { 0, 1, 0 };
    call(SET_TRAP_ENTRY, (u64)interrupt, (u64)&pending, 0, 0, 0);
    post(&slow[0], READ, 0, (u64)text, 1);
    say("read", slow[0].state);
    post(&slow[1], 57, (u64)&set, 1, ~0ul);
    say("poll", slow[1].state);
    post(&slow[2], 57, (u64)&set, 1, 0);
    say("look", slow[2].state * 1000 + slow[2].result);
    post(&slow[2], WRITE, 1, (u64) "write\n", 6);
    say("short", slow[2].state * 1000 + slow[2].result);
    answered("read", &slow[0]);
    answered("poll", &slow[1]);
    say("revents", set.revents);
    post(&slow[0], READ, 0, (u64)text, 8);
    say("ready", slow[0].state * 1000 + slow[0].result);
    pending = interrupted = 0;
    post(&slow[0], WRITE, 1, boot->memory[0].start, 1 << 20);
    say("", 1); /* comes behind as much of the write as fits into the pipe */
    answered("large", &slow[0]);
}

/* Sets the timer; if it comes while that is done, as on a busy host, again. */
static void arm(void)
{
    do {
        pending = 0;
        call(12, now() + 50000000, 0, 0, 0, 0);
    } while (pending & 2);
}

/* A timer that came before the read comes again. */
static void again(struct frame *frame)
{
    interrupted = frame->vector;
    if (frame->vector == 33) arm();
}

/* A read that has not asked to pend does so when the vCPU is interrupted; here by its timer. */
static void timed(void)
{
    static char byte;
    call(SET_TRAP_ENTRY, (u64)again, (u64)&pending, 0, 0, 0);
    arm();
    slow[0] = (struct request) { 1, READ, { 0, (u64)&byte, 1, 0, 0, 0 }, -1000 };
    ((void (*)(u64, volatile struct request *))boot->doorbell)(context, &slow[0]);
    int was_timer = interrupted == 33 || (pending & 2) != 0;
    pending = interrupted = 0; /* now: input comes when the test has read what follows */
    say("read", slow[0].state);
    say("timer", was_timer);
    answered("read", &slow[0]);
}

/* More reads than one, all ended by a signal. */
static volatile int nr_signals;
static void ending(struct frame *frame)
{
    if (frame->vector == 35) nr_signals++;
    else interrupted = frame->vector;
}
static void pending_signals(void)
{
    static char bytes[80];
    call(SET_TRAP_ENTRY, (u64)ending, (u64)&pending, 0, 0, 0);
    call(13, 10, 2, 0, 0, 0);
    for (int i = 0; i < 80; i++) post(&slow[i], READ, 0, (u64)&bytes[i], 1);
    say("posted", slow[79].state);
    i64 sum = 0;
    for (int i = 0; i < 80; i++) {
        while (slow[i].state != 2) call(WAIT, now() + 100000000, 0, 0, 0, 0);
        sum += slow[i].result;
    }
    say("sum", sum);
    say("signals", nr_signals);
}

/* Texts for the log: longer than the host takes, and longer than memory. */
static void long_texts(void)
{
    u64 text = boot->memory[0].start;
    for (u64 i = 0; i < 100000; i++) ((volatile u8 *)text)[i] = 'x';
    say("long", call(LOG, text, 100000, 0, 0, 0));
    say("endless", call(LOG, text, ~0ul, 0, 0, 0));
    say("outside", call(LOG, boot->doorbell, 1, 0, 0, 0));
}

void guest(void)
{
    char *what = argument(1);
    if (is(what, "arguments")) arguments();
    if (is(what, "status")) leave(0x142);
    if (is(what, "hostile")) hostile();
    if (is(what, "copy")) copy();
    if (is(what, "time")) time();
    if (is(what, "cpus")) cpus();
    if (is(what, "cpus asleep")) cpus_asleep();
    if (is(what, "fault in trap")) fault_in_trap();
    if (is(what, "not zero")) not_zero();
    if (is(what, "read")) say("read", call(READ, 0, boot->memory[0].start, 1, 0, 0));
    if (is(what, "signals")) signals();
    if (is(what, "pend")) pend();
    if (is(what, "timed")) timed();
    if (is(what, "pending signals")) pending_signals();
    if (is(what, "long texts")) long_texts();
    if (is(what, "open")) say("open", call(OPEN, -100, (u64)argument(2), length(argument(2)), 2, 0));
    if (is(what, "system call")) system_call();
    if (is(what, "int 0x80")) int80();
    if (is(what, "execve")) raw(59, (u64) "/bin/true", 0, 0);
    if (is(what, "executable")) say("result", raw(10, boot->memory[0].start, 4096, 7));
    if (is(what, "timers")) timers();
    if (is(what, "compute")) {
        call(SET_TRAP_ENTRY, (u64)caught, 0, 0, 0, 0);
        print("computing\n");
        for (;;) __asm__ volatile("pause");
    }
    if (is(what, "early fault")) *(volatile int *)8 = 1;
    if (is(what, "trap")) {
        call(SET_TRAP_ENTRY, (u64)trap, 0, 0, 0, 0);
        register u64 address __asm__("rax") = 0x1000;
        __asm__ volatile("mov (%0), %%eax" ::"r"(address) : "memory");
        print("continued\n");
        middle();
    }
    if (is(what, "spin")) for (;;) call(WRITE, 1, (u64) "y\n", 2, 0, 0);
    if (is(what, "sleep")) {
        call(SET_TRAP_ENTRY, (u64)caught, 0, 0, 0, 0);
        print("asleep\n");
        call(WAIT, ~0ul, 0, 0, 0, 0);
    }
}
