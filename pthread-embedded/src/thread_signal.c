/* Signals of threads. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "hermit_libc.h"
#include "thread.h"

/* Returns an error number. A thread that has ended and not been joined takes no signals, which is no error. */
int pthread_kill(pthread_t id, int sig)
{
	struct thread *thread = thread_of(id);
	if (sig < 0 || sig >= NSIG || sig == SIGNAL_CANCEL)
		return EINVAL;
	if (is_gone(thread))
		return ESRCH;
	return has_ended(thread) ? 0 : -sys_thread_kill(thread->tid, sig);
}
