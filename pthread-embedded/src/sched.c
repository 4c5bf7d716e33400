/* <sched.h>. What POSIX says of processes holds for threads, as on Linux: 0 is the caller, the process's number its main thread. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "hermit_libc.h"
#include "thread.h"

/* How long threads of equal priority take turns: SLICE_NS of kernel/src/sched/core.rs. */
enum { SLICE_NS = 10000000 };

WEAK int sched_yield(void)
{
	sys_yield();
	return 0;
}

WEAK int sched_getcpu(void)
{
	return sys_get_core_id();
}

/* The kernel's priorities, for every policy that POSIX requires. */
WEAK int sched_get_priority_max(int policy)
{
	if (policy < SCHED_OTHER || policy > SCHED_RR) {
		errno = EINVAL;
		return -1;
	}
	return policy == SCHED_OTHER ? 0 : 31;
}

WEAK int sched_get_priority_min(int policy)
{
	if (policy < SCHED_OTHER || policy > SCHED_RR) {
		errno = EINVAL;
		return -1;
	}
	return policy == SCHED_OTHER ? 0 : 1;
}

/* NULL for a number that is neither. */
static struct thread *thread_numbered(pid_t id)
{
	if (id == 0 || id == __hermit_self->tid)
		return __hermit_self;
	return id == sys_getpid() ? &__hermit_main_thread : NULL;
}

static int result(int error)
{
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}

static int find(pid_t id, pthread_t *found)
{
	struct thread *thread = thread_numbered(id);
	*found = (pthread_t) thread;
	return id < 0 ? EINVAL : thread == NULL ? ESRCH : 0;
}

WEAK int sched_setscheduler(pid_t id, int policy, const struct sched_param *parameter)
{
	pthread_t thread;
	int error = parameter == NULL ? EINVAL : find(id, &thread);
	return result(error != 0 ? error : pthread_setschedparam(thread, policy, parameter));
}

WEAK int sched_setparam(pid_t id, const struct sched_param *parameter)
{
	pthread_t thread;
	int error = parameter == NULL ? EINVAL : find(id, &thread);
	return result(error != 0 ? error : pthread_setschedparam(thread, thread_of(thread)->attributes.policy, parameter));
}

WEAK int sched_getparam(pid_t id, struct sched_param *parameter)
{
	pthread_t thread;
	int policy, error = parameter == NULL ? EINVAL : find(id, &thread);
	return result(error != 0 ? error : pthread_getschedparam(thread, &policy, parameter));
}

WEAK int sched_getscheduler(pid_t id)
{
	pthread_t thread;
	int error = find(id, &thread);
	return error != 0 ? result(error) : thread_of(thread)->attributes.policy;
}

/* As on Linux: 0 for a thread that does not take turns. */
WEAK int sched_rr_get_interval(pid_t id, struct timespec *interval)
{
	int policy = sched_getscheduler(id);
	if (policy < 0)
		return -1;
	if (interval == NULL)
		return (int) to_c(-EFAULT);
	*interval = (struct timespec){0, policy == SCHED_FIFO ? 0 : SLICE_NS};
	return 0;
}
