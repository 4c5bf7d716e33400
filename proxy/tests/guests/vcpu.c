/* A guest for what happens to a vCPU of the process isle: it sleeps and is woken, it faults, it has closed streams. The
 * first argument says what to do. */
#include "guest.h"

enum { START_CPU = 11, SET_TIMER, CATCH_SIGNAL };

static volatile u64 pending, interrupted;
static void interrupt(struct frame *frame) { interrupted = frame->vector; }

static volatile u64 kicked;

/* Kicks the first vCPU when there is input. */
void further(u64 cpu, u64 cpu_context)
{
    static char byte;
    call_on(cpu_context, READ, 0, (u64)&byte, 1, 0, 0);
    kicked = cpu;
    call_on(cpu_context, KICK, 0, 34, 0, 0, 0);
    for (;;) call_on(cpu_context, WAIT, ~0ul, 0, 0, 0, 0);
}

static void sleep_until_kicked(void)
{
    call(START_CPU, 1, 0, 0, 0, 0);
    print("asleep\n");
    while (!kicked) call(WAIT, ~0ul, 0, 0, 0, 0);
    say("kicked", kicked);
}

/* A read waits in the host until there is input, or a signal. */
static void sleep_until_answered(void)
{
    static volatile struct request request;
    static char byte;
    call(SET_TRAP_ENTRY, (u64)interrupt, (u64)&pending, 0, 0, 0);
    call(CATCH_SIGNAL, 10, 2, 0, 0, 0);
    post(&request, READ, 0, (u64)&byte, 1);
    print("asleep\n");
    while (request.state != 2) call(WAIT, ~0ul, 0, 0, 0, 0);
    say("read", request.result);
}

/* A timer that is due at once, and a sleep after it. */
static void timer_before_sleep(void)
{
    u64 limit = now() + 30000000000;
    call(SET_TRAP_ENTRY, (u64)interrupt, (u64)&pending, 0, 0, 0);
    /* It is to come while the vCPU is in the host, as it nearly always does. */
    do {
        pending = interrupted = 0;
        call(SET_TIMER, 0, 0, 0, 0, 0);
        while (!pending && !interrupted && now() < limit) {}
    } while (interrupted && now() < limit);
    say("noted", pending);
    call(WAIT, limit, 0, 0, 0, 0);
    say("in time", now() < limit);
}

/* The word for what pends must not lie across two cache lines. */
static void words(void)
{
    static u64 place[2];
    for (u64 offset = 0; offset <= 8; offset++)
        say("word", call(SET_TRAP_ENTRY, (u64)interrupt, (u64)place + offset, 0, 0, 0));
}

static void load(u64 address) { __asm__ volatile("mov (%0), %%eax" ::"a"(address) : "memory"); }
static void store(u64 address) { __asm__ volatile("mov %%eax, (%0)" ::"a"(address) : "memory"); }

/* Skips the instruction, which has two bytes; faults itself the first time. */
static void faulty(struct frame *frame)
{
    static int traps;
    if (!traps++) load(0x1000);
    say(frame->fault_address == 0x1000 ? "inner" : "outer", frame->vector * 100 + frame->error_code);
    frame->rip += 2;
}

static void faults(void)
{
    call(SET_TRAP_ENTRY, (u64)faulty, 0, 0, 0, 0);
    load(0x2000);
    store(0x2000);
    print("continued\n");
}

/* One bit for each standard stream that is closed. */
static void closed(void)
{
    char byte;
    int streams = call(READ, 0, (u64)&byte, 1, 0, 0) == -9;
    for (int stream = 1; stream < 3; stream++) streams |= (call(WRITE, stream, (u64)&byte, 0, 0, 0) == -9) << stream;
    leave(streams);
}

static void report(struct frame *frame) { call(FATAL, 11, (u64)frame, (u64) "a guest's words", 15, 0); }

__attribute__((noinline)) static void innermost(volatile int *address) { *address = 1; }

__attribute__((noinline)) static void middle(void)
{
    innermost((int *)8); /* the call */
    print("?");
}

void guest(void)
{
    char *what = argument(1);
    if (is(what, "kick")) sleep_until_kicked();
    if (is(what, "answer")) sleep_until_answered();
    if (is(what, "timer")) timer_before_sleep();
    if (is(what, "words")) words();
    if (is(what, "faults")) faults();
    if (is(what, "closed")) closed();
    if (is(what, "report")) {
        call(SET_TRAP_ENTRY, (u64)report, 0, 0, 0, 0);
        middle();
    }
}
