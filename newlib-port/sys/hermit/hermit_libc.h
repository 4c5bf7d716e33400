/* What the files of this folder share: the kernel's calls and how their results become those of C.
 *
 * Every POSIX function here is weak: a program may have a function of its own with such a name (`link`, `access`),
 * and inside libc.a nothing calls the public name, but sys_* or newlib's _*_r.
 */
#ifndef HERMIT_LIBC_H
#define HERMIT_LIBC_H

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <hermit/syscall.h>

#define WEAK __attribute__((weak))
#define ALIAS(name) __attribute__((weak, alias(#name)))

/* A kernel's result, as C wants it: negative error numbers become -1 and errno. */
static inline long to_c(long result)
{
	if (result < 0) {
		errno = (int) -result;
		return -1;
	}
	return result;
}

/* The same for calls that write: who writes to a pipe that nobody reads gets SIGPIPE first, as in POSIX. */
extern long __hermit_written(long result);

/* signal.c: a signal for this process from itself; default actions go to the kernel. Returns 0 or an error number. */
extern int __hermit_raise(int sig);

/* signal.c: a set of the program's, copied without cancellation's signal, which nobody blocks or waits for. Returns -EFAULT or 0. */
extern int __hermit_take_without_cancel(sigset_t *to, const sigset_t *set);

/* time_zone.c: localtime_r, mktime and timegm, whoever has functions of these names. */
extern struct tm *__hermit_localtime_r(const time_t *restrict moment, struct tm *restrict tm);
extern time_t __hermit_mktime(struct tm *tm);
extern time_t __hermit_timegm(struct tm *tm);

/* Set while other threads exist; else locks need no bus lock. */
extern int __hermit_threaded;

/* pthread-embedded/src/thread_exit.c: runs at the end of a thread (TLS destructors, keys). */
extern void __hermit_thread_cleanup(void);

#endif
