/* Signals: the kernel keeps actions, masks and what is pending, and delivers; these are its calls in C's words. */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "cancel.h"
#include "hermit_libc.h"

static sigset_t bit(int sig)
{
	return 1UL << (sig - 1);
}

/* Cancellation's signal is never blocked, waited for or handled by programs; what a set says of it is passed over. */
static sigset_t without_cancel(const sigset_t *set)
{
	return *set & ~bit(SIGNAL_CANCEL);
}

int __hermit_take_without_cancel(sigset_t *to, const sigset_t *set)
{
	int result = sys_copy(to, set, sizeof(*to));
	if (result == 0)
		*to = without_cancel(to);
	return result;
}

static int valid(int sig)
{
	return sig > 0 && sig < NSIG;
}

int __hermit_raise(int sig)
{
	return -sys_thread_kill(sys_gettid(), sig);
}

WEAK int raise(int sig)
{
	return (int) to_c(-__hermit_raise(sig));
}

WEAK int kill(pid_t pid, int sig)
{
	/* The process group has one member. */
	return (int) to_c(sys_kill(pid == -sys_getpid() ? 0 : pid, sig));
}

WEAK int killpg(pid_t group, int sig)
{
	if (group < 0) {
		errno = EINVAL;
		return -1;
	}
	return kill(-group, sig);
}

WEAK int sigqueue(pid_t pid, int sig, const union sigval value)
{
	return (int) to_c(sys_sigqueue(pid, sig, (uint64_t) value.sival_ptr));
}

WEAK int sigaction(int sig, const struct sigaction *restrict new, struct sigaction *restrict old)
{
	struct hermit_sigaction action, before;
	if (sig == SIGNAL_CANCEL)
		return (int) to_c(-EINVAL);
	if (new != NULL)
		action = (struct hermit_sigaction){(void *) new->sa_handler, (unsigned) new->sa_flags, without_cancel(&new->sa_mask)};
	if (to_c(sys_sigaction(sig, new != NULL ? &action : NULL, &before)) < 0)
		return -1;
	if (old != NULL) {
		old->sa_handler = (_sig_func_ptr) before.handler;
		old->sa_flags = (int) before.flags;
		old->sa_mask = before.mask;
	}
	return 0;
}

/* BSD's meaning, like glibc: the handler stays, interrupted calls go on. */
WEAK _sig_func_ptr signal(int sig, _sig_func_ptr handler)
{
	struct sigaction new = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
	if (handler == SIG_ERR) {
		errno = EINVAL;
		return SIG_ERR;
	}
	return sigaction(sig, &new, &old) < 0 ? SIG_ERR : old.sa_handler;
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
	sigset_t changed;
	if (set != NULL)
		changed = without_cancel(set);
	return -sys_sigprocmask(how, set != NULL ? &changed : NULL, old);
}

WEAK int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return (int) to_c(-pthread_sigmask(how, set, old));
}

WEAK int sigpending(sigset_t *set)
{
	return (int) to_c(sys_sigpending(set));
}

WEAK int sigaltstack(const stack_t *restrict new, stack_t *restrict old)
{
	return (int) to_c(sys_sigaltstack(new, old));
}

WEAK int sigsuspend(const sigset_t *mask)
{
	sigset_t changed;
	int result = __hermit_take_without_cancel(&changed, mask);
	return (int) to_c(result < 0 ? result : CANCELLABLE(sys_sigsuspend, &changed));
}

WEAK int pause(void)
{
	sigset_t mask;
	sys_sigprocmask(SIG_BLOCK, NULL, &mask);
	return sigsuspend(&mask);
}

static int wait_for(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
	sigset_t wanted;
	int result = __hermit_take_without_cancel(&wanted, set);
	if (result == 0)
		result = CANCELLABLE(sys_sigtimedwait, &wanted, info, timeout);
	/* As in glibc: raise() is a kind of kill(), for who asks. */
	if (result > 0 && info != NULL && info->si_code == SI_TKILL)
		info->si_code = SI_USER;
	return (int) to_c(result);
}

WEAK int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info, const struct timespec *restrict timeout)
{
	return wait_for(set, info, timeout);
}

WEAK int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return wait_for(set, info, NULL);
}

/* Returns an error number. */
WEAK int sigwait(const sigset_t *restrict set, int *restrict sig)
{
	sigset_t wanted = without_cancel(set);
	int result;
	do
		result = CANCELLABLE(sys_sigtimedwait, &wanted, NULL, NULL);
	while (result == -EINTR);
	if (result < 0)
		return -result;
	*sig = result;
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

static struct timeval micro(struct timespec time)
{
	return (struct timeval){time.tv_sec, time.tv_nsec / 1000};
}

WEAK int setitimer(int which, const struct itimerval *restrict new, struct itimerval *restrict old)
{
	struct itimerspec value, before;
	struct itimerval coarse;
	if (new != NULL) {
		if (to_c(sys_copy(&coarse, new, sizeof(coarse))) < 0)
			return -1;
		value.it_interval = (struct timespec){coarse.it_interval.tv_sec, coarse.it_interval.tv_usec * 1000};
		value.it_value = (struct timespec){coarse.it_value.tv_sec, coarse.it_value.tv_usec * 1000};
	}
	if (to_c(sys_setitimer(which, new != NULL ? &value : NULL, &before)) < 0)
		return -1;
	coarse = (struct itimerval){micro(before.it_interval), micro(before.it_value)};
	return old != NULL ? (int) to_c(sys_copy(old, &coarse, sizeof(coarse))) : 0;
}

WEAK int getitimer(int which, struct itimerval *value)
{
	return value == NULL ? (int) to_c(-EFAULT) : setitimer(which, NULL, value);
}

/* Seconds that were left, rounded up when there is less than one: alarm(2). */
WEAK unsigned alarm(unsigned seconds)
{
	struct itimerval new = {.it_value = {seconds, 0}}, old;
	if (setitimer(ITIMER_REAL, &new, &old) < 0)
		return 0;
	unsigned left = (unsigned) old.it_value.tv_sec;
	return left + (old.it_value.tv_usec >= 500000 || (left == 0 && old.it_value.tv_usec > 0));
}
