/* sysconf(3), pathconf(3), confstr(3), limits: what can be asked of an isle. */
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "hermit_libc.h"

#define PAGE_SIZE 4096

/* cache.c */
extern long __hermit_cache(int name);

WEAK int get_nprocs(void)
{
	return (int) sys_available_parallelism();
}

int get_nprocs_conf(void) ALIAS(get_nprocs);

WEAK long get_phys_pages(void)
{
	return sys_memory_total() / PAGE_SIZE;
}

WEAK long get_avphys_pages(void)
{
	return sys_memory_free() / PAGE_SIZE;
}

/* Options that are there, with the version of POSIX they come from; 0: unknown to this table. */
static long option(int name)
{
	switch (name) {
	case _SC_VERSION:
	case _SC_2_VERSION:
	case _SC_FSYNC:
	case _SC_MAPPED_FILES:
	case _SC_MEMORY_PROTECTION:
	case _SC_MONOTONIC_CLOCK:
	case _SC_PRIORITY_SCHEDULING:
	case _SC_THREAD_PRIORITY_SCHEDULING:
	case _SC_REALTIME_SIGNALS:
	case _SC_SYNCHRONIZED_IO:
	case _SC_THREADS:
	case _SC_THREAD_SAFE_FUNCTIONS:
	case _SC_THREAD_ATTR_STACKADDR:
	case _SC_THREAD_ATTR_STACKSIZE:
	case _SC_SEMAPHORES:
	case _SC_BARRIERS:
	case _SC_SPIN_LOCKS:
	case _SC_READER_WRITER_LOCKS:
	case _SC_TIMERS:
	case _SC_TIMEOUTS:
	case _SC_CLOCK_SELECTION:
	case _SC_CPUTIME:
	case _SC_THREAD_CPUTIME:
	case _SC_ADVISORY_INFO:
		return _POSIX_VERSION;
	case _SC_XOPEN_VERSION:
		return _XOPEN_VERSION;
	case _SC_REGEXP:
	case _SC_SAVED_IDS:
		return 1;
	default:
		return 0;
	}
}

static long open_max(void)
{
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	return files.rlim_cur;
}

/* Limits that are there; 0: unknown to this table. */
static long limit(int name)
{
	switch (name) {
	case _SC_ARG_MAX:
		return 2097152;
	case _SC_CLK_TCK:
		return 100;
	case _SC_NGROUPS_MAX:
		return NGROUPS_MAX;
	case _SC_OPEN_MAX:
		return open_max();
	case _SC_STREAM_MAX:
		return 16;
	case _SC_TZNAME_MAX:
		return _POSIX_TZNAME_MAX;
	case _SC_PAGESIZE:
		return PAGE_SIZE;
	case _SC_IOV_MAX:
		return IOV_MAX;
	case _SC_HOST_NAME_MAX:
		return HOST_NAME_MAX;
	case _SC_LOGIN_NAME_MAX:
		return LOGIN_NAME_MAX;
	case _SC_TTY_NAME_MAX:
		return TTY_NAME_MAX;
	case _SC_LINE_MAX:
		return LINE_MAX;
	case _SC_RE_DUP_MAX:
		return RE_DUP_MAX;
	case _SC_ATEXIT_MAX:
		return INT_MAX;
	case _SC_SYMLOOP_MAX:
		return SYMLOOP_MAX;
	case _SC_SEM_VALUE_MAX:
		return SEM_VALUE_MAX;
	case _SC_SEM_NSEMS_MAX: /* as many as memory holds */
		return -1;
	case _SC_TIMER_MAX: /* the kernel's, and as many with threads */
		return HERMIT_TIMER_MAX;
	case _SC_RTSIG_MAX:
		return SIGRTMAX - SIGRTMIN + 1;
	case _SC_SIGQUEUE_MAX:
		return HERMIT_SIGQUEUE_MAX;
	case _SC_DELAYTIMER_MAX:
		return 0x7fffffff;
	case _SC_THREAD_KEYS_MAX:
		return PTHREAD_KEYS_MAX;
	case _SC_THREAD_DESTRUCTOR_ITERATIONS:
		return PTHREAD_DESTRUCTOR_ITERATIONS;
	case _SC_THREAD_STACK_MIN:
		return PTHREAD_STACK_MIN;
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return get_nprocs();
	case _SC_PHYS_PAGES:
		return get_phys_pages();
	case _SC_AVPHYS_PAGES:
		return get_avphys_pages();
	case _SC_MINSIGSTKSZ:
		return getauxval(AT_MINSIGSTKSZ);
	case _SC_SIGSTKSZ:
		return 4 * getauxval(AT_MINSIGSTKSZ);
	default:
		return 0;
	}
}

/* -1 with errno untouched: no such option or limit; with EINVAL: no such name. */
WEAK long sysconf(int name)
{
	long value = option(name);
	if (name >= _SC_LEVEL1_ICACHE_SIZE && name <= _SC_LEVEL4_CACHE_LINESIZE)
		return __hermit_cache(name);
	if (value == 0)
		value = limit(name);
	if (value != 0)
		return value;
	if (name < 0 || name > _SC_SIGSTKSZ)
		errno = EINVAL;
	return -1;
}

WEAK long fpathconf(int fd, int name)
{
	(void) fd;
	switch (name) {
	case _PC_LINK_MAX:
		return LINK_MAX;
	case _PC_MAX_CANON:
		return MAX_CANON;
	case _PC_MAX_INPUT:
		return MAX_INPUT;
	case _PC_NAME_MAX:
		return NAME_MAX;
	case _PC_PATH_MAX:
		return PATH_MAX;
	case _PC_PIPE_BUF:
		return PIPE_BUF;
	case _PC_NO_TRUNC:
		return 1;
	case _PC_VDISABLE:
		return _POSIX_VDISABLE;
	case _PC_FILESIZEBITS:
		return 64;
	default:
		if (name < 0 || name > _PC_2_SYMLINKS)
			errno = EINVAL;
		return -1;
	}
}

WEAK long pathconf(const char *path, int name)
{
	struct stat st;
	return to_c(sys_stat(path, &st)) < 0 ? -1 : fpathconf(-1, name);
}

WEAK size_t confstr(int name, char *buffer, size_t len)
{
	const char *value = "/bin:/usr/bin";
	if (name != _CS_PATH) {
		errno = EINVAL;
		return 0;
	}
	size_t needed = strlen(value) + 1;
	if (buffer != NULL && len > 0) {
		size_t copied = needed < len ? needed : len;
		memcpy(buffer, value, copied);
		buffer[copied - 1] = '\0';
	}
	return needed;
}

WEAK int getdtablesize(void)
{
	return sysconf(_SC_OPEN_MAX);
}

/* How the program has changed its limits: each exclusive-or'ed with what its parent gave, so that 0 is "not at all". */
static _Atomic rlim_t soft_changes[RLIM_NLIMITS], hard_changes[RLIM_NLIMITS];

static rlim_t inherited(int resource, int is_hard)
{
	rlim_t limit = sys_inherited_limit(resource, is_hard);
	/* Descriptors always have a limit; nobody has told it. */
	return resource == RLIMIT_NOFILE && limit == RLIM_INFINITY ? OPEN_MAX : limit;
}

WEAK int getrlimit(int resource, struct rlimit *limit)
{
	if (resource < 0 || resource >= RLIM_NLIMITS) {
		errno = EINVAL;
		return -1;
	}
	limit->rlim_cur = inherited(resource, 0) ^ soft_changes[resource];
	limit->rlim_max = inherited(resource, 1) ^ hard_changes[resource];
	return 0;
}

/* Address space and data are one: the smaller limit counts. */
static void limit_memory(void)
{
	struct rlimit space, data;
	getrlimit(RLIMIT_AS, &space);
	getrlimit(RLIMIT_DATA, &data);
	sys_limit_memory(space.rlim_cur < data.rlim_cur ? space.rlim_cur : data.rlim_cur);
}

/* Limits of memory and of descriptors are kept to, those of the main thread's stack and of resident memory are noted as Linux
 * notes them; nobody would heed lower limits of others, which is an error. */
WEAK int setrlimit(int resource, const struct rlimit *limit)
{
	struct rlimit now;
	if (getrlimit(resource, &now) < 0)
		return -1;
	if (limit->rlim_cur > limit->rlim_max) {
		errno = EINVAL;
		return -1;
	}
	if (limit->rlim_max > now.rlim_max && limit->rlim_max != RLIM_INFINITY) {
		errno = EPERM;
		return -1;
	}
	rlim_t hard = limit->rlim_max < now.rlim_max ? limit->rlim_max : now.rlim_max;
	rlim_t soft = limit->rlim_cur < hard ? limit->rlim_cur : hard;
	bool heeded = resource == RLIMIT_AS || resource == RLIMIT_DATA || resource == RLIMIT_RSS || resource == RLIMIT_STACK
		      || resource == RLIMIT_NOFILE;
	if (!heeded && soft < now.rlim_cur) {
		errno = ENOTSUP;
		return -1;
	}
	soft_changes[resource] = soft ^ inherited(resource, 0);
	hard_changes[resource] = hard ^ inherited(resource, 1);
	if (resource == RLIMIT_AS || resource == RLIMIT_DATA)
		limit_memory();
	if (resource == RLIMIT_NOFILE)
		sys_limit_descriptors(soft);
	return 0;
}
