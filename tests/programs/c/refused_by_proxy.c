//# compare: none
//# stdout: as documented\n
//# cflags: -Wl,-e,hostile_start
//# cpus: 1
/* A guest without its kernel in between asks the proxy itself for what procfs, sysfs and device nodes would give: the error numbers of
 * docs/reference/012. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile.h"

static int wrong;
static const uint64_t cwd = (uint64_t)-100;

static int64_t at(uint32_t number, uint64_t dirfd, const char *path, uint64_t a, uint64_t b, uint64_t c)
{
	static char copy[4096];
	strcpy(copy, path);
	return call(number, dirfd, (uint64_t)copy, strlen(path), a, b, c);
}

static void expect(const char *what, const char *path, int64_t result, int wanted)
{
	if (result != -wanted && !(wanted == 0 && result > 0)) {
		printf("%s %s: %lld, not %d\n", what, path, (long long)result, -wanted);
		wrong++;
	}
}

int main(void)
{
	static char buffer[4096];
	struct stat st;
	char own[64], mem[64];
	snprintf(own, sizeof own, "/proc/%d/maps", getpid());
	snprintf(mem, sizeof mem, "/proc/%d/mem", getpid());
	const char *processes[] = { "/proc/self/mem", "/proc/self/maps", "/proc/self/environ", "/proc/thread-self/mem",
		"/proc/../proc/self/mem", "//proc//self/./cmdline", "/proc/self/task", "/proc/1/status", own, mem };
	for (unsigned i = 0; i < sizeof processes / sizeof *processes; i++) {
		expect("open", processes[i], at(OPEN, cwd, processes[i], O_RDONLY, 0, 0), ENOENT);
		expect("stat", processes[i], at(STAT, cwd, processes[i], 0, (uint64_t)buffer, 0), ENOENT);
		expect("access", processes[i], at(ACCESS, cwd, processes[i], F_OK, 0, 0), ENOENT);
	}
	expect("write", mem, at(OPEN, cwd, mem, O_RDWR, 0, 0), ENOENT);
	const char *open_files[] = { "/proc/self/fd/0", "/proc/self/fd/3", "/proc/thread-self/exe", "/proc/self/cwd/x", "/proc/self/root/etc" };
	for (unsigned i = 0; i < sizeof open_files / sizeof *open_files; i++) {
		expect("open", open_files[i], at(OPEN, cwd, open_files[i], O_RDONLY, 0, 0), ELOOP);
		/* To nobody else: standard input may be the machine's /dev/null. */
		expect("chown", open_files[i], at(CHOWN, cwd, open_files[i], (uint32_t)-1, (uint32_t)-1, 0), ELOOP);
	}
	expect("image", "for writing", at(OPEN, cwd, "/proc/self/exe", O_RDWR, 0, 0), ETXTBSY);
	expect("image", "for reading", at(OPEN, cwd, "/proc/self/exe", O_RDONLY, 0, 0), 0);
	int64_t proc = at(OPEN, cwd, "/proc", O_RDONLY, 0, 0);
	expect("open", "/proc", proc, 0);
	expect("openat", "self/mem", at(OPEN, (uint64_t)proc, "self/mem", O_RDWR, 0, 0), ENOENT);
	expect("open", "core_pattern", at(OPEN, cwd, "/proc/sys/kernel/core_pattern", O_WRONLY, 0, 0), EACCES);
	int64_t pattern = at(OPEN, cwd, "/proc/sys/kernel/core_pattern", O_RDONLY, 0, 0);
	expect("open", "core_pattern", pattern, 0);
	expect("again", "core_pattern", at(OPEN, (uint64_t)pattern, "", O_WRONLY, 0, 0), EACCES);
	expect("fchmod", "core_pattern", call(CHMOD_HANDLE, (uint64_t)pattern, 0644, 0, 0, 0, 0), EACCES);
	if (stat("/dev/full", &st) == 0) {
		expect("chmod", "/dev/full", at(CHMOD, cwd, "/dev/full", st.st_mode & 07777, 0, 0), EPERM);
		expect("chown", "/dev/full", at(CHOWN, cwd, "/dev/full", st.st_uid, st.st_gid, 0), EPERM);
		expect("times", "/dev/full", at(SET_TIMES, cwd, "/dev/full", 0, 0, 0), EPERM);
		expect("rmdir", "/dev/full", at(UNLINK, cwd, "/dev/full", 0x200 /* AT_REMOVEDIR */, 0, 0), EPERM);
	}
	if (wrong == 0)
		puts("as documented");
	return wrong != 0;
}
