//# env: HERMIT_TMPFS=1
//# stdin: some input\n
/* Descriptors by their names where files are in /tmp in memory, and links from there to them. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

static char path[2][PATH_MAX], link_path[PATH_MAX];

static const char *name(int fd)
{
	static char text[64];
	snprintf(text, sizeof text, "/dev/fd/%d", fd);
	return text;
}

static void show_link(const char *link)
{
	char text[PATH_MAX] = "";
	ssize_t len = readlink(link, text, sizeof text - 1);
	const char *end = len > 10 ? text + len - 10 : "";
	printf("link: %s\n", strcmp(text, path[0]) == 0 ? "the file" : strcmp(end, " (deleted)") == 0 ? "deleted" : text);
}

int main(void)
{
	char text[64] = "";
	struct stat st;
	snprintf(path[0], PATH_MAX, "/tmp/own-%d", getpid());
	snprintf(path[1], PATH_MAX, "/tmp/folder-%d", getpid());
	snprintf(link_path, PATH_MAX, "/tmp/link-%d", getpid());
	int fd = open(path[0], O_CREAT | O_TRUNC | O_RDWR, 0600);
	SHOW(write(fd, "text", 4));
	show_link(name(fd));
	int again = open(name(fd), O_RDONLY);
	SHOW(read(again, text, sizeof text));
	SHOW(write(again, "x", 1));
	close(again);
	again = open(name(fd), O_WRONLY | O_TRUNC);
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	close(again);
	SHOW(open(name(fd), O_RDONLY | O_DIRECTORY));
	SHOW(unlink(path[0]));
	show_link(name(fd));
	SHOW(write(fd, "more", 4));
	again = open(name(fd), O_RDONLY);
	SHOW(lseek(again, 0, SEEK_END));
	close(again);
	/* A link in memory that leads to a descriptor. */
	SHOW(symlink("/dev/stdin", link_path));
	again = open(link_path, O_RDONLY);
	SHOW(read(again, text, sizeof text));
	close(again);
	SHOW(unlink(link_path));
	/* A folder, and what is in it. */
	SHOW(mkdir(path[1], 0700));
	int folder = open(path[1], O_RDONLY | O_DIRECTORY);
	char inside[128];
	snprintf(inside, sizeof inside, "/proc/self/fd/%d/inside", folder);
	again = open(inside, O_CREAT | O_RDWR, 0600);
	SHOW(again >= 0);
	close(again);
	SHOW(rename(inside, "/proc/self/comm"));
	SHOW(unlink(inside));
	SHOW(chdir(name(folder)));
	SHOW(rmdir(path[1]));
	return 0;
}
