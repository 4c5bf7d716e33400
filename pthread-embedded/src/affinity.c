/* Sets of cores. A thread gets its core when it is created and keeps it, so the set of its creation places it, and a later
 * set is accepted if the core is in it. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "hermit_libc.h"
#include "thread.h"

static int nr_cores(void)
{
	size_t nr = sys_available_parallelism();
	return nr < CPU_SETSIZE ? (int) nr : CPU_SETSIZE;
}

int __hermit_cpu_count(size_t size, const cpu_set_t *set)
{
	int count = 0;
	for (size_t i = 0; i < size / sizeof(set->__bits[0]); ++i)
		count += __builtin_popcountl(set->__bits[i]);
	return count;
}

void __hermit_all_cores(cpu_set_t *set)
{
	CPU_ZERO(set);
	for (int core = 0; core < nr_cores(); ++core)
		CPU_SET(core, set);
}

static int is_empty(const cpu_set_t *set)
{
	unsigned long any = 0;
	for (size_t i = 0; i < sizeof(*set) / sizeof(set->__bits[0]); ++i)
		any |= set->__bits[i];
	return any == 0;
}

/* Nothing in it means that nobody has chosen. */
intptr_t __hermit_place(const cpu_set_t *set)
{
	static uint32_t turn;
	int count = 0, nr = nr_cores();
	if (is_empty(set))
		return -1;
	for (int core = 0; core < nr; ++core)
		count += CPU_ISSET(core, set);
	if (count == nr)
		return -1;
	if (count == 0)
		return CPU_SETSIZE; /* no such core: the kernel says EINVAL */
	int before = __atomic_fetch_add(&turn, 1, __ATOMIC_RELAXED) % (unsigned) count, core = 0;
	while (!CPU_ISSET(core, set) || before-- != 0)
		++core;
	return core;
}

/* The cores of the isle that are in the caller's set. Returns EINVAL if there are none. */
static int read_set(size_t size, const cpu_set_t *from, cpu_set_t *set)
{
	cpu_set_t all;
	__hermit_all_cores(&all);
	CPU_ZERO(set);
	memcpy(set, from, size < sizeof(*set) ? size : sizeof(*set));
	CPU_AND(set, set, &all);
	return is_empty(set) ? EINVAL : 0;
}

/* As sched_getaffinity(2): returns EINVAL if the caller's set is too small for the isle's cores, or not made of whole words. */
static int write_set(size_t size, cpu_set_t *to, const cpu_set_t *from)
{
	cpu_set_t set = *from;
	if (size < CPU_ALLOC_SIZE(nr_cores()) || size % sizeof(set.__bits[0]) != 0)
		return EINVAL;
	if (is_empty(&set))
		__hermit_all_cores(&set);
	memset(to, 0, size);
	memcpy(to, &set, size < sizeof(set) ? size : sizeof(set));
	return 0;
}

int pthread_setaffinity_np(pthread_t id, size_t size, const cpu_set_t *cores)
{
	struct thread *thread = thread_of(id);
	cpu_set_t set;
	int error = read_set(size, cores, &set);
	if (error != 0)
		return error;
	int core = thread == __hermit_self ? sys_get_core_id() : __atomic_load_n(&thread->core, __ATOMIC_ACQUIRE);
	if (core < 0 || !CPU_ISSET(core, &set))
		return EINVAL;
	thread->affinity = set;
	return 0;
}

int pthread_getaffinity_np(pthread_t id, size_t size, cpu_set_t *cores)
{
	return write_set(size, cores, &thread_of(id)->affinity);
}

int pthread_attr_setaffinity_np(pthread_attr_t *attributes, size_t size, const cpu_set_t *cores)
{
	struct attributes *own = (struct attributes *) attributes;
	cpu_set_t *set = NULL;
	if (cores != NULL && size != 0) {
		set = calloc(1, sizeof(*set));
		if (set == NULL)
			return ENOMEM;
		memcpy(set, cores, size < sizeof(*set) ? size : sizeof(*set));
	}
	free(own->affinity);
	own->affinity = set;
	return 0;
}

int pthread_attr_getaffinity_np(const pthread_attr_t *attributes, size_t size, cpu_set_t *cores)
{
	static const cpu_set_t none;
	const struct attributes *own = (const struct attributes *) attributes;
	return write_set(size, cores, own->affinity != NULL ? own->affinity : &none);
}

/* A number of the calling thread: its own, the process's, or 0. Others are not found. */
static int is_self(pid_t id)
{
	return id == 0 || id == sys_gettid() || id == sys_getpid();
}

static int result(int error)
{
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}

WEAK int sched_getaffinity(pid_t id, size_t size, cpu_set_t *set)
{
	return result(is_self(id) ? pthread_getaffinity_np(pthread_self(), size, set) : ESRCH);
}

WEAK int sched_setaffinity(pid_t id, size_t size, const cpu_set_t *set)
{
	return result(is_self(id) ? pthread_setaffinity_np(pthread_self(), size, set) : ESRCH);
}
