/* getcwd with buffers that just fit and just do not; realpath through links, relative and absolute. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

static char start[4096];

/* The path behind the folder where the program started. */
static void real(const char *path)
{
	errno = 0;
	char *resolved = realpath(path, NULL);
	size_t len = strlen(start);
	if (!resolved)
		printf("%s: errno %d\n", path, errno);
	else
		printf("%s: %s\n", path, strncmp(resolved, start, len) == 0 ? resolved + len : "elsewhere");
	free(resolved);
}

static int fits(size_t size)
{
	char *buffer = malloc(size + 16);
	memset(buffer, '#', size + 16);
	errno = 0;
	int is_there = getcwd(buffer, size) != NULL, error = errno;
	int beyond = 0;
	for (size_t i = size; i < size + 16; i++)
		beyond += buffer[i] != '#';
	printf("getcwd: there %d, errno %d, beyond %d\n", is_there, is_there ? 0 : error, beyond);
	free(buffer);
	return is_there;
}

int main(void)
{
	if (!getcwd(start, sizeof start) || !realpath(".", start))
		return 1;
	size_t len = strlen(start);
	fits(len + 1);
	fits(len);
	fits(len - 1);
	fits(1);
	fits(0);
	SHOW(mkdir("a", 0700));
	SHOW(mkdir("a/b", 0700));
	SHOW(mkdir("a/b/c", 0700));
	SHOW(close(open("a/file", O_CREAT | O_WRONLY, 0600)));
	SHOW(symlink("../file", "a/b/up"));
	SHOW(symlink("b/up", "a/over"));
	SHOW(symlink("c/../../over", "a/b/round"));
	SHOW(symlink("loop", "loop"));
	SHOW(symlink("nowhere", "a/dangling"));
	char *absolute;
	if (asprintf(&absolute, "%s/a/b", start) > 0)
		SHOW(symlink(absolute, "a/b/c/root"));
	real("a/b/up");
	real("a/over");
	real("./a//b/./round");
	real("a/b/c/root/c");
	real("a/b/c/root/up");
	real("loop");
	real("a/dangling");
	real("a/file/x");
	real("a/file/");
	real("");
	free(absolute);
	static const char *const files[] = { "a/b/c/root", "a/b/up", "a/over", "a/b/round", "loop", "a/dangling", "a/file" };
	static const char *const folders[] = { "a/b/c", "a/b", "a" };
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		unlink(files[i]);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		SHOW(rmdir(folders[i]));
	return 0;
}
