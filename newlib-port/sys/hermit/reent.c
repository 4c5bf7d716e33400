/* newlib's per-thread state, and the calls newlib itself makes: _read_r and so on.
 *
 * newlib reaches files only through these (REENTRANT_SYSCALLS_PROVIDED), never through read() or open(), which a
 * program may define for itself.
 */
#include <fcntl.h>
#include <reent.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>

#include "hermit_libc.h"

/* The main thread's state is static; pthread_create sets the pointer of its threads. The two pointers are newlib's. */
static struct _reent main_reent = _REENT_INIT(main_reent);
struct _reent *_impure_ptr = &main_reent;
struct _reent *const _global_impure_ptr = &main_reent;
__thread struct _reent *__hermit_reent = &main_reent;

int *__errno(void)
{
	return &__hermit_reent->_errno;
}

/* For code that was compiled without our <sys/config.h> (newlib has it as a function too). */
#undef __getreent
struct _reent *__getreent(void)
{
	return __hermit_reent;
}

static long to_reent(struct _reent *reent, long result)
{
	if (result < 0) {
		reent->_errno = (int) -result;
		return -1;
	}
	return result;
}

int _open_r(struct _reent *reent, const char *path, int flags, int mode)
{
	return (int) to_reent(reent, sys_open(path, flags, mode));
}

int _close_r(struct _reent *reent, int fd)
{
	return (int) to_reent(reent, sys_close(fd));
}

_ssize_t _read_r(struct _reent *reent, int fd, void *buffer, size_t len)
{
	return to_reent(reent, sys_read(fd, buffer, len));
}

_ssize_t _write_r(struct _reent *reent, int fd, const void *buffer, size_t len)
{
	return to_reent(reent, __hermit_written(sys_write(fd, buffer, len)));
}

_off_t _lseek_r(struct _reent *reent, int fd, _off_t offset, int whence)
{
	return to_reent(reent, sys_lseek(fd, offset, whence));
}

int _fstat_r(struct _reent *reent, int fd, struct stat *st)
{
	return (int) to_reent(reent, sys_fstat(fd, st));
}

int _stat_r(struct _reent *reent, const char *path, struct stat *st)
{
	return (int) to_reent(reent, sys_stat(path, st));
}

int _link_r(struct _reent *reent, const char *from, const char *to)
{
	return (int) to_reent(reent, sys_link(from, to));
}

int _unlink_r(struct _reent *reent, const char *path)
{
	return (int) to_reent(reent, sys_unlink(path));
}

/* Files and empty directories: remove(3). */
int _remove_r(struct _reent *reent, const char *path)
{
	int result = sys_unlink(path);
	if (result == -EISDIR || result == -EPERM)
		result = sys_rmdir(path);
	return (int) to_reent(reent, result);
}

int _rename_r(struct _reent *reent, const char *from, const char *to)
{
	return (int) to_reent(reent, sys_rename(from, to));
}

int _mkdir_r(struct _reent *reent, const char *path, int mode)
{
	return (int) to_reent(reent, sys_mkdir(path, (uint32_t) mode));
}

int _fcntl_r(struct _reent *reent, int fd, int command, int arg)
{
	return (int) to_reent(reent, sys_fcntl(fd, command, arg));
}

int _isatty_r(struct _reent *reent, int fd)
{
	char termios[64]; /* Linux's has 36 bytes */
	return to_reent(reent, sys_ioctl(fd, 0x5401 /* TCGETS */, termios)) == 0;
}

int _gettimeofday_r(struct _reent *reent, struct timeval *now, void *zone)
{
	struct timespec time;
	int result = sys_clock_gettime(CLOCK_REALTIME, &time);
	(void) zone;
	if (result == 0) {
		now->tv_sec = time.tv_sec;
		now->tv_usec = time.tv_nsec / 1000;
	}
	return (int) to_reent(reent, result);
}

int _getpid_r(struct _reent *reent)
{
	(void) reent;
	return sys_getpid();
}

int _kill_r(struct _reent *reent, int pid, int sig)
{
	return (int) to_reent(reent, pid == sys_getpid() ? -__hermit_raise(sig) : sys_kill(pid, sig));
}
