//# compare: none
//# stdout: as documented\n
/* What a program may not do to the machine through procfs, sysfs and device nodes, with the error numbers of docs/reference/012.
 * Whatever is not refused is harmless: modes and owners are set to what they are. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int wrong;

#define REFUSED(call, wanted)                                                                                          \
	do {                                                                                                           \
		errno = 0;                                                                                             \
		if ((call) != -1 || errno != (wanted)) {                                                               \
			printf("%s: errno %d, not %d\n", #call, errno, wanted);                                        \
			wrong++;                                                                                       \
		}                                                                                                      \
	} while (0)

#define ALLOWED(call)                                                                                                  \
	do {                                                                                                           \
		if ((call) < 0) {                                                                                      \
			printf("%s: errno %d\n", #call, errno);                                                        \
			wrong++;                                                                                       \
		}                                                                                                      \
	} while (0)

/* The program's own. */
static void own(void)
{
	REFUSED(open("/proc/self/mem", O_RDWR), EACCES);
	REFUSED(open("/proc/self/mem", O_RDONLY), EACCES);
	REFUSED(open("/proc/thread-self/mem", O_RDWR), EACCES);
	REFUSED(open("/proc/self/maps", O_RDWR), EACCES);
	REFUSED(open("/proc/self/environ", O_WRONLY), EACCES);
	REFUSED(open("/proc/self/status", O_RDONLY | O_TRUNC), EACCES);
	REFUSED(open("/proc/self/oom_score_adj", O_WRONLY), ENOENT);
	REFUSED(open("/proc/self/exe", O_RDWR), ETXTBSY);
	REFUSED(chdir("/proc/self"), EACCES);
	/* No mapping of the proxy's is told. */
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[4096];
	int lines = 0;
	while (maps && fgets(line, sizeof line, maps)) {
		lines++;
		if (strstr(line, "/proxy") || strstr(line, "[vdso]")) {
			printf("told: %s", line);
			wrong++;
		}
	}
	if (lines < 3)
		wrong++;
	if (maps)
		fclose(maps);
}

/* Ways to the proxy's and others' that only the host knows. */
static void others(void)
{
	char path[64];
	REFUSED(open("/proc/1/mem", O_RDWR), ENOENT);
	REFUSED(open("/proc/1/status", O_RDONLY), ENOENT);
	REFUSED(open("/proc/1/oom_score_adj", O_WRONLY), ENOENT);
	REFUSED(access("/proc/1/maps", F_OK), ENOENT);
	REFUSED(chdir("/proc/1"), ENOENT);
	ALLOWED(symlink("/proc/self/mem", "to-mem"));
	REFUSED(open("to-mem", O_RDWR), ENOENT);
	ALLOWED(symlink("/proc", "to-proc"));
	REFUSED(open("to-proc/self/mem", O_RDWR), ENOENT);
	REFUSED(open("to-proc/self/maps", O_RDONLY), ENOENT);
	REFUSED(open("to-proc/self/fd/3", O_RDWR), ELOOP);
	ALLOWED(symlink("/proc/self/fd", "to-fd"));
	REFUSED(open("to-fd/3", O_RDWR), ELOOP);
	REFUSED(chown("to-fd/3", -1, -1), ELOOP);
	REFUSED(readlink("to-fd/3", path, sizeof path), ENOENT);
	int proc = open("/proc", O_RDONLY | O_DIRECTORY);
	ALLOWED(proc);
	REFUSED(openat(proc, "self/mem", O_RDWR), ENOENT);
	snprintf(path, sizeof path, "%d/mem", getpid());
	REFUSED(openat(proc, path, O_RDWR), ENOENT);
	REFUSED(openat(proc, "self/exe", O_RDWR), ELOOP);
	ALLOWED(chdir("/proc"));
	REFUSED(open("self/mem", O_RDWR), ENOENT);
	REFUSED(open("./self/../self/maps", O_RDONLY), ENOENT);
}

/* Through which Linux is changed. */
static void system_files(void)
{
	static const char *const all[] = { "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/sys/kernel/mm/ksm/run",
		"/sys/kernel/uevent_helper", "/sys/fs/cgroup/cgroup.procs",
		"/sys/fs/cgroup/cpu/tasks" };
	for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
		const char *path = all[i];
		struct stat st;
		if (stat(path, &st) != 0)
			continue;
		REFUSED(open(path, O_WRONLY), EACCES);
		REFUSED(open(path, O_RDONLY | O_TRUNC), EACCES);
		REFUSED(chmod(path, st.st_mode & 07777), EACCES);
		REFUSED(chown(path, st.st_uid, st.st_gid), EACCES);
		REFUSED(rmdir(path), EACCES);
		REFUSED(rename(path, path), EACCES);
	}
	REFUSED(mkdir("/sys/kernel/hermit-test", 0700), EACCES);
	REFUSED(symlink("x", "/proc/sys/hermit-test"), EACCES);
	ALLOWED(open("/proc/cpuinfo", O_RDONLY));
	ALLOWED(open("/proc/meminfo", O_RDONLY));
	ALLOWED(open("/proc/stat", O_RDONLY));
	ALLOWED(open("/proc/loadavg", O_RDONLY));
	int pattern = open("/proc/sys/kernel/core_pattern", O_RDONLY);
	ALLOWED(pattern);
	char path[64];
	snprintf(path, sizeof path, "/dev/fd/%d", pattern);
	REFUSED(open(path, O_RDWR), EACCES);
	REFUSED(fchmod(pattern, 0644), EACCES);
}

static void devices(void)
{
	struct stat st;
	const struct timespec never[2] = { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } };
	static const char *const all[] = { "/dev/null", "/dev/full" };
	for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
		const char *path = all[i];
		if (stat(path, &st) != 0)
			continue;
		REFUSED(chmod(path, st.st_mode & 07777), EPERM);
		REFUSED(chown(path, st.st_uid, st.st_gid), EPERM);
		REFUSED(lchown(path, st.st_uid, st.st_gid), EPERM);
		REFUSED(utimensat(AT_FDCWD, path, never, 0), EPERM);
		REFUSED(rmdir(path), EPERM);
		REFUSED(rename(path, path), EPERM);
		int fd = open(path, O_RDWR);
		REFUSED(fchmod(fd, st.st_mode & 07777), EPERM);
		REFUSED(fchown(fd, st.st_uid, st.st_gid), EPERM);
		close(fd);
	}
}

int main(void)
{
	own();
	char *here = getcwd(NULL, 0);
	others();
	ALLOWED(chdir(here));
	system_files();
	ALLOWED(symlink("/dev/full", "to-full"));
	struct stat st;
	if (stat("to-full", &st) == 0)
		REFUSED(chmod("to-full", st.st_mode & 07777), EPERM);
	devices();
	if (wrong == 0)
		puts("as documented");
	return wrong != 0;
}
