/* Cancellation: deferred at cancellation points (cancel.h), asynchronous by the signal's handler. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "hermit_libc.h"
#include "thread.h"

extern const char __hermit_cancel_begin[], __hermit_cancel_end[], __hermit_cancel_act[];

/* The kernel's ucontext_t, as far as it is needed: glibc's layout. */
struct context {
	unsigned long flags, link, stack[3];
	unsigned long registers[23];
};
enum { REGISTER_RIP = 16 };

/* Where cancellable.S goes. */
void __hermit_cancel_self(void) __attribute__((noreturn));
void __hermit_cancel_self(void)
{
	pthread_exit(PTHREAD_CANCELED);
}

static int is_due(uint32_t cancel)
{
	return (cancel & CANCEL_DEFER_MASK) == CANCEL_REQUESTED;
}

static void on_signal(int sig, siginfo_t *info, void *argument)
{
	struct context *context = argument;
	uintptr_t at = context->registers[REGISTER_RIP]; /* 0: a system call ends */
	uint32_t cancel = __atomic_load_n(&__hermit_self->cancel, __ATOMIC_ACQUIRE);
	(void) sig;
	(void) info;
	if (!is_due(cancel))
		return;
	if (cancel & CANCEL_ASYNCHRONOUS)
		__hermit_cancel_self();
	if (at >= (uintptr_t) __hermit_cancel_begin && at < (uintptr_t) __hermit_cancel_end)
		context->registers[REGISTER_RIP] = (uintptr_t) __hermit_cancel_act;
}

static void install_handler(void)
{
	/* Not SA_RESTART: the sleep that it interrupts must not start over. */
	struct hermit_sigaction action = {(void *) on_signal, SA_SIGINFO, 0};
	sys_sigaction(SIGNAL_CANCEL, &action, NULL);
}

int pthread_cancel(pthread_t id)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct thread *thread = thread_of(id);
	pthread_once(&once, install_handler);
	if (is_gone(thread))
		return ESRCH;
	uint32_t before = __atomic_fetch_or(&thread->cancel, CANCEL_REQUESTED, __ATOMIC_ACQ_REL);
	if (thread == __hermit_self) {
		if (thread->cancel & CANCEL_ASYNCHRONOUS)
			pthread_testcancel();
		return 0;
	}
	/* A thread that has switched it off looks at the request when it switches it on; its sleep goes on. */
	if (!(before & (CANCEL_DISABLED | CANCEL_EXITING)) && !has_ended(thread))
		sys_thread_kill(thread->tid, SIGNAL_CANCEL); /* ESRCH: it ends just now */
	return 0;
}

void pthread_testcancel(void)
{
	if (is_due(__atomic_load_n(&__hermit_self->cancel, __ATOMIC_ACQUIRE)))
		__hermit_cancel_self();
}

/* Sets or clears one bit; returns whether it was set. */
static int change(uint32_t bit, int set)
{
	uint32_t *cancel = &__hermit_self->cancel;
	uint32_t before = set ? __atomic_fetch_or(cancel, bit, __ATOMIC_ACQ_REL)
	                      : __atomic_fetch_and(cancel, ~bit, __ATOMIC_ACQ_REL);
	uint32_t now = set ? before | bit : before & ~bit;
	/* Asynchronously means at once, also for a request that has been waiting. */
	if (now & CANCEL_ASYNCHRONOUS && is_due(now))
		__hermit_cancel_self();
	return (before & bit) != 0;
}

int pthread_setcancelstate(int state, int *old)
{
	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	int before = change(CANCEL_DISABLED, state == PTHREAD_CANCEL_DISABLE);
	if (old != NULL)
		*old = before ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
	return 0;
}

int pthread_setcanceltype(int type, int *old)
{
	if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	int before = change(CANCEL_ASYNCHRONOUS, type == PTHREAD_CANCEL_ASYNCHRONOUS);
	if (old != NULL)
		*old = before ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
	return 0;
}
