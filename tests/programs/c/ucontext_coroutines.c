//# libs: -lm
/* Coroutines by makecontext and swapcontext, with arguments, rounding modes and signal masks of their own; registers in handlers. */
#define _GNU_SOURCE
#include <fenv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

static ucontext_t first, second, back;
static double value = 1.5;

static void double_it(int x, int y, int z, int u, int v, int w, int seventh, int eighth)
{
	printf("%d %d %d %d %d %d %d %d\n", x, y, z, u, v, w, seventh, eighth);
	fesetround(FE_UPWARD);
	for (int i = 0; i < 3; ++i) {
		value *= 2;
		printf("first %d: %g, upward %d\n", i, value, fegetround() == FE_UPWARD);
		swapcontext(&first, &second);
	}
}

static void take_a_third(void)
{
	for (int i = 0; i < 3; ++i) {
		printf("second %d: %g, to nearest %d\n", i, value / 3, fegetround() == FE_TONEAREST);
		swapcontext(&second, &first);
	}
}

static void show_mask(const char *when)
{
	sigset_t mask;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	printf("%s: SIGUSR1 is blocked %d\n", when, sigismember(&mask, SIGUSR1));
}

static void leave(void)
{
	show_mask("in a context");
}

static void prepare(ucontext_t *context, ucontext_t *link)
{
	getcontext(context);
	context->uc_stack.ss_size = 65536;
	context->uc_stack.ss_sp = malloc(65536);
	context->uc_link = link;
}

static void skip(int number, siginfo_t *info, void *context)
{
	ucontext_t *interrupted = context;
	(void) number;
	(void) info;
	interrupted->uc_mcontext.gregs[REG_RIP] += 2; /* ud2 */
}

int main(void)
{
	sigset_t mask;
	prepare(&first, &back);
	makecontext(&first, (void (*)(void)) double_it, 8, 1, -2, 3, -4, 5, -6, 7, -8);
	prepare(&second, &back);
	makecontext(&second, take_a_third, 0);
	swapcontext(&back, &first);
	printf("back, to nearest %d\n", fegetround() == FE_TONEAREST);

	prepare(&first, &back);
	sigemptyset(&first.uc_sigmask);
	sigaddset(&first.uc_sigmask, SIGUSR1);
	makecontext(&first, leave, 0);
	show_mask("before");
	swapcontext(&back, &first);
	show_mask("behind");

	volatile int times = 0;
	getcontext(&back);
	if (times++ < 2) {
		printf("again %d\n", times);
		setcontext(&back);
	}
	struct sigaction action = {.sa_flags = SA_SIGINFO, .sa_sigaction = skip};
	sigfillset(&mask);
	sigaction(SIGILL, &action, NULL);
	__asm__ volatile("ud2");
	printf("skipped\n");
	prepare(&first, NULL);
	makecontext(&first, leave, 0);
	setcontext(&first);
	return 7;
}
