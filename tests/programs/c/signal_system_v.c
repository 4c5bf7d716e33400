//# cflags: -Wno-deprecated-declarations
/* sigset, sighold, sigrelse, sigignore, sigpause. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "show.h"

static volatile int calls;

static void handle(int sig)
{
	(void) sig;
	++calls;
}

int main(void)
{
	SHOW(sigset(SIGUSR1, handle) == SIG_DFL);
	raise(SIGUSR1);
	SHOW(calls);
	SHOW(sighold(SIGUSR1));
	raise(SIGUSR1);
	SHOW(calls);
	SHOW(sigpause(SIGUSR1));
	SHOW(calls);
	raise(SIGUSR1);
	SHOW(sigrelse(SIGUSR1));
	SHOW(calls);
	SHOW(sigset(SIGUSR1, SIG_HOLD) == handle);
	SHOW(sigset(SIGUSR1, handle) == SIG_HOLD);
	SHOW(sigignore(SIGUSR1));
	raise(SIGUSR1);
	SHOW(calls);
	SHOW(sigset(SIGUSR1, SIG_DFL) == SIG_IGN);
	SHOW(sighold(0));
	SHOW(sigignore(SIGKILL));
	SHOW(sigset(SIGSTOP, handle) == SIG_ERR);
	return 0;
}
