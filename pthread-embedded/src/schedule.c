/* Policies and priorities of threads, and small questions about them. The kernel fixes a priority when a thread begins. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "hermit_libc.h"
#include "thread.h"

int pthread_getschedparam(pthread_t id, int *restrict policy, struct sched_param *restrict parameter)
{
	const struct attributes *own = &thread_of(id)->attributes;
	*policy = own->policy;
	parameter->sched_priority = own->policy == SCHED_OTHER ? 0 : own->priority;
	return 0;
}

/* What a thread has already it can be given; anything else is not supported. */
int pthread_setschedparam(pthread_t id, int policy, const struct sched_param *parameter)
{
	const struct attributes *own = &thread_of(id)->attributes;
	int priority = parameter->sched_priority;
	if (policy < SCHED_OTHER || policy > SCHED_RR)
		return EINVAL;
	if (policy == SCHED_OTHER ? priority != 0 : priority < 1 || priority > 31)
		return EINVAL;
	int same = policy == own->policy && (policy == SCHED_OTHER || priority == own->priority);
	return same ? 0 : ENOTSUP;
}

int pthread_setschedprio(pthread_t id, int priority)
{
	struct sched_param parameter = {priority};
	return pthread_setschedparam(id, thread_of(id)->attributes.policy, &parameter);
}

/* Only a thread itself can name its clock. */
int pthread_getcpuclockid(pthread_t id, clockid_t *clock)
{
	if (thread_of(id) != __hermit_self)
		return ENOTSUP;
	*clock = CLOCK_THREAD_CPUTIME_ID;
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
