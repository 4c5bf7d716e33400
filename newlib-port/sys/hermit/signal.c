/* Signals inside the process: signal(3), sigaction(2), raise(3), kill(2) to oneself.
 *
 * A signal that a program raises for itself is delivered here, on the spot. What ends the isle (the default of most
 * signals) goes to the kernel, which knows how to report. Signals from the host and from CPU exceptions go to the
 * kernel first.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hermit_libc.h"

static struct sigaction actions[NSIG];
static __thread sigset_t blocked, pending;

static sigset_t bit(int sig)
{
	return 1UL << (sig - 1);
}

static int valid(int sig)
{
	return sig > 0 && sig < NSIG;
}

/* Signals whose default is to do nothing: signal(7). */
static int ignored_by_default(int sig)
{
	return sig == SIGCHLD || sig == SIGURG || sig == SIGWINCH || sig == SIGCONT;
}

static void deliver(int sig)
{
	struct sigaction action = actions[sig];
	if (action.sa_handler == SIG_IGN || (action.sa_handler == SIG_DFL && ignored_by_default(sig)))
		return;
	if (action.sa_handler == SIG_DFL) {
		sys_kill(sys_getpid(), sig);
		return;
	}
	if (action.sa_flags & (int) SA_RESETHAND)
		actions[sig].sa_handler = SIG_DFL;
	sigset_t before = blocked;
	blocked |= action.sa_mask | (action.sa_flags & SA_NODEFER ? 0 : bit(sig));
	if (action.sa_flags & SA_SIGINFO) {
		siginfo_t info;
		memset(&info, 0, sizeof(info));
		info.si_signo = sig;
		info.si_code = SI_TKILL;
		info.si_pid = sys_getpid();
		action.sa_sigaction(sig, &info, NULL);
	} else {
		action.sa_handler(sig);
	}
	blocked = before;
}

static void deliver_pending(void)
{
	sigset_t due;
	while ((due = pending & ~blocked) != 0) {
		int sig = __builtin_ctzl(due) + 1;
		pending &= ~bit(sig);
		deliver(sig);
	}
}

int __hermit_raise(int sig)
{
	if (sig == 0)
		return 0;
	if (!valid(sig))
		return EINVAL;
	if (blocked & bit(sig) && sig != SIGKILL && sig != SIGSTOP)
		pending |= bit(sig);
	else
		deliver(sig);
	return 0;
}

WEAK int raise(int sig)
{
	return (int) to_c(-__hermit_raise(sig));
}

WEAK int kill(pid_t pid, int sig)
{
	int own = sys_getpid();
	/* 0 and the negative own number: the process group, in which it is alone. */
	if (pid == own || pid == 0 || pid == -own || pid == -1)
		return (int) to_c(-__hermit_raise(sig));
	return (int) to_c(sys_kill(pid, sig));
}

WEAK int killpg(pid_t group, int sig)
{
	if (group < 0) {
		errno = EINVAL;
		return -1;
	}
	return kill(-group, sig);
}


WEAK int sigaction(int sig, const struct sigaction *restrict new, struct sigaction *restrict old)
{
	if (!valid(sig) || (new != NULL && (sig == SIGKILL || sig == SIGSTOP))) {
		errno = EINVAL;
		return -1;
	}
	if (old != NULL)
		*old = actions[sig];
	if (new != NULL)
		actions[sig] = *new;
	return 0;
}

/* BSD's meaning, like glibc: the handler stays. */
WEAK _sig_func_ptr signal(int sig, _sig_func_ptr handler)
{
	struct sigaction new = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
	return handler == SIG_ERR || sigaction(sig, &new, &old) < 0 ? (errno = EINVAL, SIG_ERR) : old.sa_handler;
}

WEAK int siginterrupt(int sig, int interrupt)
{
	struct sigaction action;
	if (sigaction(sig, NULL, &action) < 0)
		return -1;
	action.sa_flags = interrupt ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
	return sigaction(sig, &action, NULL);
}

/* Returns an error number. */
WEAK int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	sigset_t before = blocked;
	if (set != NULL) {
		switch (how) {
		case SIG_BLOCK:
			blocked |= *set;
			break;
		case SIG_UNBLOCK:
			blocked &= ~*set;
			break;
		case SIG_SETMASK:
			blocked = *set;
			break;
		default:
			return EINVAL;
		}
		blocked &= ~(bit(SIGKILL) | bit(SIGSTOP));
	}
	if (old != NULL)
		*old = before;
	deliver_pending();
	return 0;
}

WEAK int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return (int) to_c(-pthread_sigmask(how, set, old));
}

WEAK int sigpending(sigset_t *set)
{
	*set = pending;
	return 0;
}

WEAK int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

WEAK int sigfillset(sigset_t *set)
{
	*set = ~0UL;
	return 0;
}

WEAK int sigaddset(sigset_t *set, int sig)
{
	if (!valid(sig)) {
		errno = EINVAL;
		return -1;
	}
	*set |= bit(sig);
	return 0;
}

WEAK int sigdelset(sigset_t *set, int sig)
{
	if (!valid(sig)) {
		errno = EINVAL;
		return -1;
	}
	*set &= ~bit(sig);
	return 0;
}

WEAK int sigismember(const sigset_t *set, int sig)
{
	if (!valid(sig)) {
		errno = EINVAL;
		return -1;
	}
	return (*set & bit(sig)) != 0;
}
