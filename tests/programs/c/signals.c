//# compilers: gcc clang
/* signal, sigaction and raise with handlers, SIG_IGN, SIG_DFL, nested and re-raised, jumping out of a handler. */
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#include "show.h"

static volatile sig_atomic_t seen, last;
static sigjmp_buf out;

static void count(int signal)
{
	seen++;
	last = signal;
}

static void nested(int signal)
{
	(void)signal;
	seen++;
	raise(SIGUSR2);
}

static void jump(int signal)
{
	siglongjmp(out, signal);
}

static void detailed(int signal, siginfo_t *info, void *context)
{
	seen++;
	last = info->si_signo == signal && context != NULL;
}

int main(void)
{
	printf("default %d\n", signal(SIGUSR1, count) == SIG_DFL);
	SHOW(raise(SIGUSR1));
	SHOW(seen);
	SHOW(last == SIGUSR1);
	printf("before %d\n", signal(SIGUSR2, count) == SIG_DFL);
	signal(SIGUSR1, nested);
	raise(SIGUSR1);
	printf("nested %d %d\n", seen, last == SIGUSR2);
	signal(SIGUSR1, SIG_IGN);
	SHOW(raise(SIGUSR1));
	SHOW(seen);
	printf("kill %d", kill(getpid(), SIGUSR2));
	printf(" %d\n", seen);
	for (volatile int i = 0; i < 3; i++) {
		signal(SIGTERM, jump);
		int signal = sigsetjmp(out, 1);
		if (signal == 0)
			raise(SIGTERM);
		else
			printf("jumped out of %d\n", signal);
	}
	struct sigaction action = { 0 }, old;
	action.sa_sigaction = detailed;
	action.sa_flags = SA_SIGINFO;
	sigemptyset(&action.sa_mask);
	printf("sigaction %d", sigaction(SIGUSR1, &action, &old));
	printf(" %d", old.sa_handler == SIG_IGN);
	raise(SIGUSR1);
	printf(" %d %d\n", seen, last);
	SHOW(signal(9999, count) == SIG_ERR ? -1 : 0);
	SHOW(signal(SIGKILL, count) == SIG_ERR ? -1 : 0);
	return 0;
}
