//# args: one "two words" ""
//# env: OWN_VARIABLE=its value
//# cflags: -pthread
/* What /proc tells a program of itself: its own arguments, name, memory, threads, links; and what it refuses. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "show.h"

static char text[1 << 20];

/* Reads a whole file; its length. */
static ssize_t get(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t len = 0, got;
	if (fd < 0)
		return -1;
	while ((got = read(fd, text + len, sizeof text - 1 - (size_t)len)) > 0)
		len += got;
	text[len] = '\0';
	close(fd);
	return len;
}

static const char *last(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	return slash ? slash + 1 : "none";
}

static void strings(int argc, char **argv)
{
	ssize_t len = get("/proc/self/cmdline");
	int arguments = 0, same = 1;
	for (const char *at = text; at < text + len; at += strlen(at) + 1, arguments++)
		same &= arguments < argc && strcmp(at, argv[arguments]) == 0;
	printf("arguments %d, the same %d\n", arguments, same);
	len = get("/proc/self/environ");
	int found = 0;
	for (const char *at = text; at < text + len; at += strlen(at) + 1)
		found += strcmp(at, "OWN_VARIABLE=its value") == 0;
	printf("variable found %d\n", found);
	get("/proc/self/comm");
	printf("as it is called %d\n", strncmp(text, last(argv[0]), 15 < strlen(text) - 1 ? 15 : strlen(text) - 1) == 0);
	int fd = open("/proc/self/comm", O_WRONLY);
	SHOW(write(fd, "another name that is long", 25));
	close(fd);
	get("/proc/self/comm");
	printf("name %s", text);
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/comm", getpid());
	get(path);
	printf("name %s", text);
	get("/proc/thread-self/comm");
	printf("name %s", text);
}

/* The line of maps that holds an address: access and name. */
static void show_mapping(const char *what, const void *address, const char *program)
{
	unsigned long wanted = (unsigned long)address, start, end;
	int lines = 0;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++) {
		char access[5], name[PATH_MAX] = "";
		if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %4095[^\n]", &start, &end, access, name) >= 3 && wanted >= start && wanted < end) {
			printf("%s: %s %s\n", what, access,
			       name[0] == '[' ? name : strcmp(last(name), program) == 0 ? "the program" : "no name");
			return;
		}
	}
	printf("%s: nowhere in %d lines\n", what, lines);
}

static long field(const char *name)
{
	char *at = text;
	size_t len = strlen(name);
	while (at && (strncmp(at, name, len) != 0 || at[len] != ':'))
		at = (at = strchr(at, '\n')) ? at + 1 : NULL;
	return at ? atol(at + len + 1) : -1;
}

static char constant[64] __attribute__((aligned(4096))) = "data";

static void memory(const char *program)
{
	int local = 0;
	char *heap = malloc(100 << 20);
	memset(heap, 1, 100 << 20);
	get("/proc/self/maps");
	show_mapping("code", (void *)(unsigned long)&memory, program);
	get("/proc/self/maps");
	show_mapping("stack", &local, program);
	get("/proc/self/maps");
	show_mapping("data", constant, program);
	get("/proc/self/maps");
	show_mapping("heap", heap + (50 << 20), program);
	get("/proc/self/status");
	printf("size %d, resident %d\n", field("VmSize") > 100 << 10, field("VmRSS") > 100 << 10 && field("VmRSS") <= field("VmSize"));
	printf("pid %d %d, threads %ld\n", field("Pid") == getpid(), field("Tgid") == getpid(), field("Threads"));
	printf("name %s\n", strncmp(text, "Name:\tanother name th\n", 22) == 0 ? "right" : "wrong");
	unsigned long size, resident;
	get("/proc/self/statm");
	int read = sscanf(text, "%lu %lu", &size, &resident);
	printf("statm %d %d\n", read, resident >= 25600 && size >= resident);
	get("/proc/self/stat");
	int pid, fields = 0;
	char state;
	read = sscanf(text, "%d (%*[^)]) %c", &pid, &state);
	printf("stat %d", read);
	printf(" %d %c", pid == getpid(), state);
	for (char *at = strrchr(text, ')'); at; at = strchr(at + 1, ' '))
		fields++;
	printf(", %d fields\n", fields + 1);
	free(heap);
}

static void *in_thread(void *unused)
{
	pthread_setname_np(pthread_self(), "worker");
	get("/proc/thread-self/comm");
	printf("thread: %s", text);
	get("/proc/self/comm");
	printf("program: %s", text);
	get("/proc/self/status");
	printf("threads %ld\n", field("Threads"));
	int count = 0;
	DIR *directory = opendir("/proc/self/task");
	for (struct dirent *entry; directory && (entry = readdir(directory));)
		count += entry->d_name[0] != '.';
	if (directory)
		closedir(directory);
	printf("task: %d\n", count);
	get("/proc/self/maps");
	show_mapping("its stack", &count, "");
	return unused;
}

static void links(const char *program)
{
	char path[PATH_MAX], *here = getcwd(NULL, 0);
	struct stat st, other;
	char *resolved = realpath("/proc/self/exe", NULL);
	printf("exe %d\n", strcmp(last(resolved), program) == 0);
	free(resolved);
	ssize_t len = readlink("/proc/self/exe", path, sizeof path);
	path[len > 0 ? len : 0] = '\0';
	printf("exe %d\n", strcmp(last(path), program) == 0);
	SHOW(stat("/proc/self/exe", &st));
	SHOW(stat(path, &other));
	SHOW(st.st_ino == other.st_ino && st.st_dev == other.st_dev);
	SHOW(lstat("/proc/self/exe", &st));
	SHOW(S_ISLNK(st.st_mode));
	SHOW(open("/proc/self/exe", O_RDWR));
	SHOW(open("/proc/thread-self/exe", O_WRONLY));
	SHOW(open("/proc/self/exe", O_RDONLY | O_NOFOLLOW));
	SHOW(access("/proc/self/exe", X_OK));
	resolved = realpath("/proc/self/cwd", NULL);
	printf("cwd %d\n", resolved && strcmp(resolved, here) == 0);
	free(resolved);
	close(open("file", O_CREAT | O_WRONLY, 0600));
	SHOW(access("/proc/self/cwd/file", F_OK));
	SHOW(access("/proc/self/root/etc/passwd", F_OK));
	SHOW(access("/proc/self/root/proc/self/root/proc/self/maps", F_OK));
	SHOW(access("/proc/self/../cpuinfo", F_OK));
	SHOW(stat("/proc/self/root", &st));
	len = readlink("/proc/self", path, sizeof path - 1);
	path[len > 0 ? len : 0] = '\0';
	printf("self %d\n", atoi(path) == getpid());
	SHOW(readlink("/proc/self/fd", path, sizeof path));
	SHOW(readlink("/proc/self/maps", path, sizeof path));
	free(here);
}

static void refused(void)
{
	struct statfs fs;
	SHOW(open("/proc/self/none", O_RDONLY));
	SHOW(open("/proc/self/none", O_CREAT | O_RDWR, 0600));
	SHOW(open("/proc/self/maps/", O_RDONLY));
	SHOW(open("/proc/self/maps", O_RDONLY | O_DIRECTORY));
	SHOW(open("/proc/self/maps", O_RDONLY | O_CREAT | O_EXCL, 0600));
	SHOW(mkdir("/proc/self/none", 0700));
	SHOW(mkdir("/proc/self/fd", 0700));
	SHOW(symlink("x", "/proc/self/comm"));
	SHOW(unlink("/proc/self/comm"));
	SHOW(unlink("/proc/self/fd/0"));
	SHOW(rename("/proc/self/comm", "file"));
	SHOW(rename("file", "/proc/self/comm"));
	SHOW(link("/proc/self/comm", "other"));
	SHOW(chmod("/proc/self/comm", 0777));
	SHOW(statfs("/proc/self/status", &fs));
	printf("kind %lx\n", (unsigned long)fs.f_type);
	int fd = open("/proc/self/maps", O_RDONLY);
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(write(fd, "x", 1));
	SHOW(lseek(fd, 5, SEEK_SET));
	SHOW(read(fd, text, 8));
	close(fd);
}

int main(int argc, char **argv)
{
	pthread_t thread;
	const char *program = last(argv[0]);
	strings(argc, argv);
	memory(program);
	pthread_create(&thread, NULL, in_thread, NULL);
	pthread_join(thread, NULL);
	links(program);
	refused();
	return 0;
}
