//# stdin: some input\n
/* /dev/fd, /dev/stdin and /proc/self/fd name the program's own descriptors: opened once more, looked at, listed, read as links. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channels.h"
#include "show.h"

/* A name for descriptor `fd`, one of several. */
static const char *name(const char *folder, int fd)
{
	static char path[4][PATH_MAX];
	static int next;
	char *place = path[next++ % 4];
	snprintf(place, PATH_MAX, "%s/%d", folder, fd);
	return place;
}

static const char *last(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* What a link says, without its folder and numbers. */
static void show_link(const char *path)
{
	char text[PATH_MAX];
	ssize_t len = readlink(path, text, sizeof text - 1);
	if (len < 0) {
		printf("link: errno %d\n", errno);
		return;
	}
	text[len] = '\0';
	char *number = strpbrk(text, "[");
	if (number && number[1] >= '0' && number[1] <= '9')
		number[1] = '\0';
	printf("link: %s\n", last(text));
}

static void files(void)
{
	char text[64] = "";
	int fd = open("data.txt", O_CREAT | O_TRUNC | O_RDWR, 0600);
	write(fd, "good text\n", 10);
	const char *folders[] = { "/dev/fd", "/proc/self/fd", "/proc/thread-self/fd", "//proc/./self//fd", "/proc/self/../self/fd",
		"/dev/../dev/fd", "/usr/../proc/self/fd", "/dev/fd/../fd" };
	for (unsigned i = 0; i < sizeof folders / sizeof *folders; i++) {
		int again = open(name(folders[i], fd), O_RDONLY);
		memset(text, 0, sizeof text);
		ssize_t len = read(again, text, 4);
		printf("%s: %zd %s, at %ld\n", folders[i], len, text, (long)lseek(fd, 0, SEEK_CUR));
		show_link(name(folders[i], fd));
		close(again);
	}
	char own[64];
	snprintf(own, sizeof own, "/proc/%d/fd/%d", getpid(), fd);
	show_link(own);
	struct stat by_fd, by_name;
	SHOW(fstat(fd, &by_fd));
	SHOW(stat(name("/dev/fd", fd), &by_name));
	SHOW(by_fd.st_ino == by_name.st_ino && by_fd.st_dev == by_name.st_dev);
	SHOW(lstat(name("/proc/self/fd", fd), &by_name));
	printf("mode %o\n", by_name.st_mode);
	int reader = open("data.txt", O_RDONLY);
	SHOW(lstat(name("/proc/self/fd", reader), &by_name));
	printf("mode %o\n", by_name.st_mode);
	/* Flags are looked at anew. */
	int writer = open(name("/dev/fd", reader), O_WRONLY | O_APPEND);
	SHOW(write(writer, "more\n", 5));
	SHOW(read(writer, text, 1));
	SHOW(lseek(reader, 0, SEEK_END));
	close(writer);
	SHOW(open(name("/dev/fd", fd), O_RDONLY | O_NOFOLLOW));
	SHOW(open(name("/dev/fd", fd), O_RDWR | O_CREAT | O_EXCL, 0600));
	SHOW(open(name("/dev/fd", fd), O_RDONLY | O_DIRECTORY));
	SHOW(access(name("/dev/fd", fd), R_OK | W_OK));
	SHOW(access(name("/dev/fd", fd), X_OK));
	SHOW(chmod(name("/dev/fd", fd), 0640));
	SHOW(fstat(fd, &by_fd));
	printf("mode %o\n", by_fd.st_mode);
	int emptied = open(name("/dev/fd", reader), O_WRONLY | O_TRUNC);
	SHOW(emptied >= 0);
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(pwrite(fd, "0123456789", 10, 0));
	SHOW(truncate(name("/dev/fd", fd), 4));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(unlink("data.txt"));
	show_link(name("/proc/self/fd", fd));
	int deleted = open(name("/proc/self/fd", fd), O_RDONLY);
	SHOW(read(deleted, text, sizeof text));
	close(deleted);
	close(emptied);
	close(reader);
	close(fd);
	SHOW(open("/dev/fd/99", O_RDONLY));
	SHOW(open("/proc/self/fd/00", O_RDONLY));
	SHOW(open("/proc/self/fd/x", O_RDONLY | O_CREAT, 0600));
	SHOW(open("/proc/self/fd/0/x", O_RDONLY));
	show_link("/proc/self/fd/99");
}

static void pipes(void)
{
	int ends[2], two[2];
	char text[16] = "";
	struct stat a, b;
	pipe(ends);
	write(ends[1], "pipe!", 5);
	show_link(name("/proc/self/fd", ends[0]));
	int reader = open(name("/dev/fd", ends[0]), O_RDONLY | O_NONBLOCK);
	SHOW(read(reader, text, 5));
	printf("%s\n", text);
	SHOW(read(reader, text, 5));
	SHOW(fcntl(ends[0], F_GETFL) & O_NONBLOCK);
	int writer = open(name("/dev/fd", ends[0]), O_WRONLY);
	SHOW(write(writer, "other", 5));
	SHOW(read(ends[0], text, 16));
	SHOW(fstat(ends[0], &a) | fstat(writer, &b));
	SHOW(a.st_ino == b.st_ino);
	int both = open(name("/dev/fd", ends[1]), O_RDWR | O_NONBLOCK);
	SHOW(write(both, "both", 4));
	SHOW(read(both, text, 16));
	SHOW(fcntl(both, F_GETFL) & O_ACCMODE);
	/* Another writer keeps the pipe open. */
	close(ends[1]);
	close(both);
	SHOW(read(reader, text, 1));
	close(writer);
	SHOW(read(reader, text, 1));
	close(reader);
	close(ends[0]);
	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, two));
	show_link(name("/proc/self/fd", two[0]));
	SHOW(open(name("/dev/fd", two[0]), O_RDWR));
	int counter = eventfd(0, 0);
	show_link(name("/proc/self/fd", counter));
	SHOW(open(name("/dev/fd", counter), O_RDWR));
	int null = open("/dev/null", O_RDWR);
	show_link(name("/proc/self/fd", null));
	SHOW(open(name("/dev/fd", null), O_WRONLY) >= 0);
	for (int fd = 3; fd < 20; fd++)
		close(fd);
}

static void streams(void)
{
	char text[64] = "";
	FILE *input = fopen("/dev/stdin", "r");
	printf("stdin: %s", input && fgets(text, sizeof text, input) ? text : "nothing\n");
	fclose(input);
	int other = open("other.txt", O_CREAT | O_TRUNC | O_RDWR, 0600);
	write(other, "from other\n", 11);
	lseek(other, 0, SEEK_SET);
	dup2(other, 0);
	input = fopen("/dev/stdin", "r");
	printf("stdin: %s", input && fgets(text, sizeof text, input) ? text : "nothing\n");
	fclose(input);
	char *path = realpath("/dev/stdin", NULL);
	printf("stdin is %s\n", path ? last(path) : "nothing");
	free(path);
	char link[64] = "";
	printf("%zd", readlink("/dev/stdin", link, sizeof link));
	printf(" %s\n", link);
	fflush(stdout);
	int kept = dup(1), out = open("out.txt", O_CREAT | O_TRUNC | O_RDWR, 0600);
	dup2(out, 1);
	FILE *again = fopen("/dev/stdout", "a");
	if (again) {
		fputs("to redirected\n", again);
		fclose(again);
	}
	dup2(kept, 1);
	struct stat st;
	stat("out.txt", &st);
	printf("out.txt: %ld bytes\n", (long)st.st_size);
	for (int fd = 3; fd < 20; fd++)
		close(fd);
}

static int numbers(const char *folder, char *text)
{
	int count = 0;
	DIR *directory = opendir(folder);
	if (!directory)
		return -1;
	struct dirent *entry;
	text[0] = '\0';
	while ((entry = readdir(directory)) != NULL) {
		count++;
		sprintf(text + strlen(text), " %s:%d", entry->d_name, entry->d_type);
	}
	closedir(directory);
	return count;
}

static void folders(void)
{
	char text[1024] = "";
	int fd = open("data.txt", O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
	dup2(fd, 17);
	SHOW(numbers("/proc/self/fd", text));
	printf("%s\n", text);
	SHOW(numbers("/dev/fd", text));
	SHOW(numbers("/proc/self/fdinfo", text));
	write(fd, "four", 4);
	FILE *info = fopen(name("/proc/self/fdinfo", fd), "r");
	for (int i = 0; i < 2 && info && fgets(text, sizeof text, info); i++)
		printf("%s", text);
	if (info)
		fclose(info);
	/* Relative to such a folder. */
	int folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	struct stat st;
	SHOW(fstat(folder, &st));
	SHOW(S_ISDIR(st.st_mode));
	SHOW(openat(folder, "17", O_RDONLY) >= 0);
	SHOW(openat(folder, "99", O_RDONLY));
	SHOW(openat(folder, "../comm", O_RDONLY) >= 0);
	SHOW(fstatat(folder, "17", &st, 0));
	SHOW(st.st_size);
	SHOW(faccessat(folder, "17", R_OK, 0));
	SHOW(open("/proc/self/fd", O_RDWR));
	/* A folder of the program's, and what is in it. */
	mkdir("folder", 0700);
	close(open("folder/inside", O_CREAT | O_WRONLY, 0600));
	int own = open("folder", O_RDONLY | O_DIRECTORY);
	char inside[64];
	snprintf(inside, sizeof inside, "/proc/self/fd/%d/inside", own);
	SHOW(access(inside, R_OK));
	SHOW(unlink(inside));
	snprintf(inside, sizeof inside, "/dev/fd/%d/", own);
	SHOW(chdir(inside));
	char *here = getcwd(NULL, 0);
	printf("in %s\n", last(here));
	free(here);
	SHOW(chdir(".."));
	for (int i = 3; i < 20; i++)
		close(i);
}

int main(void)
{
	for (int fd = 3; fd < 1024; fd++) /* what the native run inherits */
		close(fd);
	files();
	pipes();
	streams();
	folders();
	return 0;
}
