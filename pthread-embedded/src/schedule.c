/* Policies and priorities of threads, and small questions about them. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "hermit_libc.h"
#include "thread.h"

int pthread_getschedparam(pthread_t id, int *restrict policy, struct sched_param *restrict parameter)
{
	const struct thread *thread = thread_of(id);
	if (has_ended(thread_of(id)))
		return ESRCH;
	*policy = thread->attributes.policy;
	parameter->sched_priority = thread->attributes.policy == SCHED_OTHER ? 0 : thread->attributes.priority;
	return 0;
}

uint8_t __hermit_kernel_priority(const struct attributes *attributes)
{
	return attributes->policy == SCHED_OTHER ? PRIORITY_NORMAL : attributes->priority;
}

static int fits(int policy, int priority)
{
	if (policy < SCHED_OTHER || policy > SCHED_RR)
		return 0;
	return policy == SCHED_OTHER ? priority == 0 : priority >= 1 && priority <= 31;
}

int pthread_setschedparam(pthread_t id, int policy, const struct sched_param *parameter)
{
	struct thread *thread = thread_of(id);
	if (has_ended(thread))
		return ESRCH;
	if (!fits(policy, parameter->sched_priority))
		return EINVAL;
	struct attributes *own = &thread->attributes;
	own->policy = (uint8_t) policy;
	own->priority = (uint8_t) parameter->sched_priority;
	return -sys_set_schedule(thread->tid, policy, __hermit_kernel_priority(own));
}

int pthread_setschedprio(pthread_t id, int priority)
{
	struct thread *thread = thread_of(id);
	if (has_ended(thread))
		return ESRCH;
	if (!fits(thread->attributes.policy, priority))
		return EINVAL;
	thread->attributes.priority = (uint8_t) priority;
	return -sys_set_priority(thread->tid, __hermit_kernel_priority(&thread->attributes));
}

/* Linux's number for the CPU time of a thread, which the kernel takes, too. */
int pthread_getcpuclockid(pthread_t id, clockid_t *clock)
{
	struct thread *thread = thread_of(id);
	if (has_ended(thread))
		return ESRCH;
	*clock = (clockid_t) ((~(unsigned) thread->tid << 3) | 6);
	return 0;
}

static int concurrency;

/* A hint for libraries that run many threads on few of the kernel's; it is kept and nothing more, as POSIX wants. */
int pthread_setconcurrency(int level)
{
	if (level < 0)
		return EINVAL;
	concurrency = level;
	return 0;
}

int pthread_getconcurrency(void)
{
	return concurrency;
}

/* There is no fork, so nothing is ever called. */
int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
	(void) prepare;
	(void) parent;
	(void) child;
	return 0;
}

int pthread_yield(void)
{
	sys_yield();
	return 0;
}
