/* pthread_attr_*. The kernel puts one guard page under every stack that it makes. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "thread.h"

enum { PAGE = 4096 };

static struct attributes *inner(const pthread_attr_t *attributes)
{
	return (struct attributes *) (uintptr_t) attributes;
}

int pthread_attr_init(pthread_attr_t *attributes)
{
	memset(attributes, 0, sizeof(*attributes));
	inner(attributes)->magic = ATTRIBUTES_MAGIC;
	inner(attributes)->guard_size = PAGE;
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attributes)
{
	if (inner(attributes)->magic != ATTRIBUTES_MAGIC)
		return EINVAL;
	free(inner(attributes)->affinity);
	memset(attributes, 0, sizeof(*attributes));
	return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attributes, int state)
{
	if (state != PTHREAD_CREATE_JOINABLE && state != PTHREAD_CREATE_DETACHED)
		return EINVAL;
	inner(attributes)->detached = (uint8_t) state;
	return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attributes, int *state)
{
	*state = inner(attributes)->detached;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attributes, size_t size)
{
	if (size < PTHREAD_STACK_MIN)
		return EINVAL;
	inner(attributes)->stack_size = size;
	return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *restrict attributes, size_t *restrict size)
{
	size_t chosen = inner(attributes)->stack_size;
	*size = chosen ? chosen : default_stack_size;
	return 0;
}

int pthread_attr_setstack(pthread_attr_t *attributes, void *address, size_t size)
{
	if (size < PTHREAD_STACK_MIN)
		return EINVAL;
	inner(attributes)->stack = address;
	inner(attributes)->stack_size = size;
	return 0;
}

int pthread_attr_getstack(const pthread_attr_t *restrict attributes, void **restrict address, size_t *restrict size)
{
	*address = inner(attributes)->stack;
	return pthread_attr_getstacksize(attributes, size);
}

/* Kept and told. What protects a stack is always one page, also for 0 and for more. */
int pthread_attr_setguardsize(pthread_attr_t *attributes, size_t size)
{
	inner(attributes)->guard_size = size;
	return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *restrict attributes, size_t *restrict size)
{
	*size = inner(attributes)->guard_size;
	return 0;
}

static int fits(int policy, int priority)
{
	return policy == SCHED_OTHER ? priority == 0 : priority >= 1 && priority <= 31;
}

/* POSIX lets policy and priority be set in any order, so that only the range of all policies is checked here. */
int pthread_attr_setschedparam(pthread_attr_t *restrict attributes, const struct sched_param *restrict parameter)
{
	int priority = parameter->sched_priority;
	if (!fits(SCHED_OTHER, priority) && !fits(SCHED_FIFO, priority))
		return EINVAL;
	inner(attributes)->priority = (uint8_t) priority;
	return 0;
}

int pthread_attr_getschedparam(const pthread_attr_t *restrict attributes, struct sched_param *restrict parameter)
{
	parameter->sched_priority = inner(attributes)->priority;
	return 0;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attributes, int policy)
{
	if (policy < SCHED_OTHER || policy > SCHED_RR)
		return EINVAL;
	inner(attributes)->policy = (uint8_t) policy;
	return 0;
}

int pthread_attr_getschedpolicy(const pthread_attr_t *restrict attributes, int *restrict policy)
{
	*policy = inner(attributes)->policy;
	return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t *attributes, int inherit)
{
	if (inherit != PTHREAD_INHERIT_SCHED && inherit != PTHREAD_EXPLICIT_SCHED)
		return EINVAL;
	inner(attributes)->explicit_schedule = inherit == PTHREAD_EXPLICIT_SCHED;
	return 0;
}

int pthread_attr_getinheritsched(const pthread_attr_t *restrict attributes, int *restrict inherit)
{
	*inherit = inner(attributes)->explicit_schedule ? PTHREAD_EXPLICIT_SCHED : PTHREAD_INHERIT_SCHED;
	return 0;
}

/* The kernel's threads are the only ones. */
int pthread_attr_setscope(pthread_attr_t *attributes, int scope)
{
	(void) attributes;
	return scope == PTHREAD_SCOPE_SYSTEM ? 0 : scope == PTHREAD_SCOPE_PROCESS ? ENOTSUP : EINVAL;
}

int pthread_attr_getscope(const pthread_attr_t *restrict attributes, int *restrict scope)
{
	(void) attributes;
	*scope = PTHREAD_SCOPE_SYSTEM;
	return 0;
}
