/* librefused.a: functions of which an isle has nothing, for programs that mention them and can live without: `-lrefused`. Each fails as on a
 * Linux that forbids it, with ENOSYS (who waits for children: there are none, ECHILD), and says so once under HERMIT_VERBOSE.
 *
 * They are not in libc.a: there a program that needs one is to fail when it is linked, and a configure script is to learn it. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#define WEAK __attribute__((weak))

/* Says that `name` was called, if the user wants to know what happens; -1 and errno. */
static int refuse(const char *name, int *told, int error)
{
	const char *verbose = getenv("HERMIT_VERBOSE");
	if (!*told && verbose != NULL && verbose[0] == '1') {
		*told = 1;
		dprintf(STDERR_FILENO, "hermit: %s: an isle is one program without others: refused\n", name);
	}
	errno = error;
	return -1;
}

#define REFUSE(error)                                  \
	({                                             \
		static int told;                       \
		refuse(__func__, &told, error);        \
	})

WEAK pid_t fork(void)
{
	return REFUSE(ENOSYS);
}

WEAK pid_t vfork(void)
{
	return REFUSE(ENOSYS);
}

WEAK pid_t _Fork(void)
{
	return REFUSE(ENOSYS);
}

WEAK int daemon(int stay, int keep)
{
	(void) stay;
	(void) keep;
	return REFUSE(ENOSYS);
}

WEAK int execv(const char *path, char *const argv[])
{
	(void) path;
	(void) argv;
	return REFUSE(ENOSYS);
}

WEAK int execve(const char *path, char *const argv[], char *const envp[])
{
	(void) path;
	(void) argv;
	(void) envp;
	return REFUSE(ENOSYS);
}

WEAK int execvp(const char *name, char *const argv[])
{
	(void) name;
	(void) argv;
	return REFUSE(ENOSYS);
}

WEAK int execvpe(const char *name, char *const argv[], char *const envp[])
{
	(void) name;
	(void) argv;
	(void) envp;
	return REFUSE(ENOSYS);
}

WEAK int fexecve(int fd, char *const argv[], char *const envp[])
{
	(void) fd;
	(void) argv;
	(void) envp;
	return REFUSE(ENOSYS);
}

WEAK int execl(const char *path, const char *argument, ...)
{
	(void) path;
	(void) argument;
	return REFUSE(ENOSYS);
}

WEAK int execle(const char *path, const char *argument, ...)
{
	(void) path;
	(void) argument;
	return REFUSE(ENOSYS);
}

WEAK int execlp(const char *name, const char *argument, ...)
{
	(void) name;
	(void) argument;
	return REFUSE(ENOSYS);
}

WEAK pid_t wait(int *status)
{
	(void) status;
	return REFUSE(ECHILD);
}

WEAK pid_t waitpid(pid_t pid, int *status, int options)
{
	(void) pid;
	(void) status;
	(void) options;
	return REFUSE(ECHILD);
}

WEAK pid_t wait3(int *status, int options, void *usage)
{
	(void) status;
	(void) options;
	(void) usage;
	return REFUSE(ECHILD);
}

WEAK pid_t wait4(pid_t pid, int *status, int options, void *usage)
{
	(void) pid;
	(void) status;
	(void) options;
	(void) usage;
	return REFUSE(ECHILD);
}

WEAK int waitid(int kind, unsigned id, void *info, int options)
{
	(void) kind;
	(void) id;
	(void) info;
	(void) options;
	return REFUSE(ECHILD);
}

/* These return the error itself. */
WEAK int posix_spawn(pid_t *pid, const char *path, const void *actions, const void *attributes, char *const argv[],
                     char *const envp[])
{
	(void) pid;
	(void) path;
	(void) actions;
	(void) attributes;
	(void) argv;
	(void) envp;
	return REFUSE(ENOSYS), ENOSYS;
}

WEAK int posix_spawnp(pid_t *pid, const char *name, const void *actions, const void *attributes, char *const argv[],
                      char *const envp[])
{
	(void) pid;
	(void) name;
	(void) actions;
	(void) attributes;
	(void) argv;
	(void) envp;
	return REFUSE(ENOSYS), ENOSYS;
}

/* What would be asked of a program that is not started. */
#define ASKED(name, ...)        \
	WEAK int name(__VA_ARGS__) \
	{                          \
		return 0;              \
	}

ASKED(posix_spawnattr_init, void *attributes __attribute__((unused)))
ASKED(posix_spawnattr_destroy, void *attributes __attribute__((unused)))
ASKED(posix_spawnattr_setflags, void *attributes __attribute__((unused)), short flags __attribute__((unused)))
ASKED(posix_spawnattr_setpgroup, void *attributes __attribute__((unused)), pid_t group __attribute__((unused)))
ASKED(posix_spawnattr_setsigmask, void *attributes __attribute__((unused)), const void *mask __attribute__((unused)))
ASKED(posix_spawnattr_setsigdefault, void *attributes __attribute__((unused)), const void *mask __attribute__((unused)))
ASKED(posix_spawn_file_actions_init, void *actions __attribute__((unused)))
ASKED(posix_spawn_file_actions_destroy, void *actions __attribute__((unused)))
ASKED(posix_spawn_file_actions_addclose, void *actions __attribute__((unused)), int fd __attribute__((unused)))
ASKED(posix_spawn_file_actions_adddup2, void *actions __attribute__((unused)), int fd __attribute__((unused)),
      int other __attribute__((unused)))
ASKED(posix_spawn_file_actions_addopen, void *actions __attribute__((unused)), int fd __attribute__((unused)),
      const char *path __attribute__((unused)), int flags __attribute__((unused)), mode_t mode __attribute__((unused)))

WEAK FILE *popen(const char *command, const char *mode)
{
	(void) command;
	(void) mode;
	return REFUSE(ENOSYS), NULL;
}

WEAK int pclose(FILE *file)
{
	(void) file;
	return REFUSE(ECHILD);
}

WEAK int mkfifo(const char *path, mode_t mode)
{
	(void) path;
	(void) mode;
	return REFUSE(ENOSYS);
}

WEAK int mknod(const char *path, mode_t mode, dev_t device)
{
	(void) path;
	(void) mode;
	(void) device;
	return REFUSE(ENOSYS);
}

WEAK int chroot(const char *path)
{
	(void) path;
	return REFUSE(EPERM);
}

/* There is one user, who may become himself. */
WEAK int setuid(uid_t uid)
{
	return uid == getuid() ? 0 : REFUSE(EPERM);
}

WEAK int setgid(gid_t gid)
{
	return gid == getgid() ? 0 : REFUSE(EPERM);
}

WEAK int seteuid(uid_t uid)
{
	return uid == geteuid() ? 0 : REFUSE(EPERM);
}

WEAK int setegid(gid_t gid)
{
	return gid == getegid() ? 0 : REFUSE(EPERM);
}

WEAK int initgroups(const char *user, gid_t group)
{
	(void) user;
	(void) group;
	return REFUSE(EPERM);
}

WEAK int setgroups(size_t count, const gid_t *groups)
{
	(void) count;
	(void) groups;
	return REFUSE(EPERM);
}

WEAK int flock(int fd, int operation)
{
	(void) fd;
	(void) operation;
	return REFUSE(ENOSYS);
}
