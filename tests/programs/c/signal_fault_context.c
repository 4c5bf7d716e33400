//# cpus: 1 2
/* Handlers of faults change registers in the saved context: a bad read is skipped and given a value, a division is repaired. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

/* gregs of Linux's ucontext_t on x86-64, at byte 40. */
enum { GREGS = 5, RCX = 14, RAX = 13, RIP = 16 };

static volatile sig_atomic_t faults, address_right;
static int *volatile nowhere = (int *)0x10;
static int code;

static void skip(int signal, siginfo_t *info, void *context)
{
	uint64_t *registers = (uint64_t *)context + GREGS;
	(void)signal;
	faults++;
	address_right = info->si_addr == nowhere;
	code = info->si_code;
	registers[RAX] = 4711;
	registers[RIP] += 2; /* mov (%rdi), %eax */
}

static void repair(int signal, siginfo_t *info, void *context)
{
	uint64_t *registers = (uint64_t *)context + GREGS;
	(void)signal;
	faults++;
	code = info->si_code;
	registers[RCX] = 7;
}

__attribute__((noinline)) static int read_from(int *address)
{
	int value;
	__asm__ volatile("mov (%%rdi), %%eax" : "=a"(value) : "D"(address) : "memory");
	return value;
}

__attribute__((noinline)) static long divide(long value, long by)
{
	long rest;
	__asm__ volatile("cqto; idivq %%rcx" : "+a"(value), "=&d"(rest), "+c"(by));
	return value;
}

int main(void)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO };
	action.sa_sigaction = skip;
	sigaction(SIGSEGV, &action, NULL);
	int value = read_from(nowhere);
	printf("read %d, faults %d, address right %d, SEGV_MAPERR %d\n", value, faults, address_right, code == SEGV_MAPERR);
	value = read_from(nowhere);
	printf("read %d, faults %d\n", value, faults);
	action.sa_sigaction = repair;
	sigaction(SIGFPE, &action, NULL);
	long quotient = divide(84, 0);
	printf("quotient %ld, faults %d, FPE_INTDIV %d\n", quotient, faults, code == FPE_INTDIV);
	return 0;
}
