/* What cannot be done with signals: block or catch SIGKILL and SIGSTOP, signal who is not there. */
#include <signal.h>
#include <unistd.h>

#include "show.h"

static void ignore(int signal) { (void)signal; }

static int is_blocked(int signal)
{
	sigset_t mask;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	return sigismember(&mask, signal);
}

int main(void)
{
	sigset_t all;
	sigfillset(&all);
	SHOW(sigprocmask(SIG_SETMASK, &all, NULL));
	SHOW(is_blocked(SIGKILL));
	SHOW(is_blocked(SIGSTOP));
	int others = 0;
	for (int signal = 1; signal < 32; signal++)
		others += signal != SIGKILL && signal != SIGSTOP && is_blocked(signal);
	SHOW(others);
	SHOW(raise(SIGTERM)); /* it pends */
	struct sigaction action = { .sa_handler = ignore };
	SHOW(sigaction(SIGKILL, &action, NULL));
	SHOW(sigaction(SIGSTOP, &action, NULL));
	/* Numbers that no process has. */
	SHOW(kill(0x3ffffff0, 0));
	SHOW(kill(-0x3ffffff0, 0));
	SHOW(killpg(0x3ffffff0, SIGTERM));
	SHOW(kill(getpid(), 0));
	SHOW(kill(getpid(), 100));
	return 0;
}
