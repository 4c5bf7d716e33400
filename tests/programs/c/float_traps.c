//# libs: -lm
//# cpus: 1 2
//# isles: process
/* feenableexcept turns floating-point exceptions into SIGFPE with their codes, from SSE and x87; the handler itself computes
 * without traps; what is not enabled stays quiet. Not in
 * the qemu isle: without KVM QEMU raises no SSE exceptions. */
#define _GNU_SOURCE
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf back;
static volatile int code;
static volatile double zero, one = 1, huge = 1e308, tiny = 1e-308, result;
static volatile long double long_zero, long_one = 1, long_result;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	code = info->si_code;
	result = one / 3; /* inexact, and with all of them enabled that would be a trap */
	siglongjmp(back, 1);
}

static const char *name(int what)
{
	switch (what) {
	case FPE_FLTDIV:
		return "division";
	case FPE_FLTOVF:
		return "overflow";
	case FPE_FLTUND:
		return "underflow";
	case FPE_FLTRES:
		return "inexact";
	case FPE_FLTINV:
		return "invalid";
	default:
		return what == 0 ? "none" : "?";
	}
}

#define TRY(enabled, operation)                                     \
	do {                                                        \
		code = 0;                                           \
		fesetenv(FE_DFL_ENV);                               \
		if (sigsetjmp(back, 1) == 0) {                      \
			feenableexcept(enabled);                    \
			operation;                                  \
			__asm__ volatile("fwait");                  \
		}                                                   \
		fesetenv(FE_DFL_ENV);                               \
		printf("%s, %s: %s\n", #enabled, #operation, name(code)); \
	} while (0)

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	sigaction(SIGFPE, &action, NULL);
	TRY(FE_DIVBYZERO, result = one / zero);
	TRY(FE_INVALID, result = zero / zero);
	TRY(FE_OVERFLOW, result = huge * huge);
	TRY(FE_UNDERFLOW, result = tiny * tiny);
	TRY(FE_INEXACT, result = one / 3);
	TRY(FE_ALL_EXCEPT, result = one / zero);
	TRY(FE_INVALID, result = one / zero);
	TRY(FE_DIVBYZERO, long_result = long_one / long_zero);
	TRY(FE_INVALID, long_result = long_zero / long_zero);
	TRY(FE_OVERFLOW, long_result = long_one / long_zero);
	printf("enabled %d", feenableexcept(FE_DIVBYZERO));
	printf(" then %d", fegetexcept() == FE_DIVBYZERO);
	printf(" off %d", fedisableexcept(FE_ALL_EXCEPT) == FE_DIVBYZERO);
	printf(" left %d\n", fegetexcept());
	return 0;
}
