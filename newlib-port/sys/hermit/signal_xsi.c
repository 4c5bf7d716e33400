/* The signal functions of System V, which POSIX keeps for old programs: sigset(3). */
#include <signal.h>
#include <stddef.h>

#include "hermit_libc.h"

static int change(int how, int sig)
{
	sigset_t set = 0;
	return sigaddset(&set, sig) < 0 ? -1 : sigprocmask(how, &set, NULL);
}

WEAK int sighold(int sig)
{
	return change(SIG_BLOCK, sig);
}

WEAK int sigrelse(int sig)
{
	return change(SIG_UNBLOCK, sig);
}

WEAK int sigignore(int sig)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	return sigaction(sig, &ignore, NULL);
}

/* Waits with the mask as it is, but without `sig` in it. */
WEAK int sigpause(int sig)
{
	sigset_t mask;
	if (sigprocmask(SIG_BLOCK, NULL, &mask) < 0 || sigdelset(&mask, sig) < 0)
		return -1;
	return sigsuspend(&mask);
}

/* Returns SIG_HOLD if the signal was blocked, else the handler before. A signal that is held keeps its handler. */
WEAK _sig_func_ptr sigset(int sig, _sig_func_ptr handler)
{
	struct sigaction new = {.sa_handler = handler}, old;
	sigset_t set = 0, before;
	int held = handler == SIG_HOLD;
	if (sigaddset(&set, sig) < 0 || sigaction(sig, held ? NULL : &new, &old) < 0 ||
	    sigprocmask(held ? SIG_BLOCK : SIG_UNBLOCK, &set, &before) < 0)
		return SIG_ERR;
	return sigismember(&before, sig) ? SIG_HOLD : old.sa_handler;
}
