/* mkstemp and its kin: names that are new each time, files for their owner alone. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static void show(const char *what, int fd, const char *name, const char *suffix)
{
	struct stat status;
	if (fd < 0) {
		printf("%s: %s\n", what, strerror(errno));
		return;
	}
	fstat(fd, &status);
	printf("%s: mode %o, %zu letters of names, suffix <%s>, flags %d\n", what, status.st_mode & 0777,
	       strspn(name + strlen("a file "), LETTERS), name + strlen(name) - strlen(suffix), fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND));
	write(fd, "text", 4);
	close(fd);
	unlink(name);
}

int main(void)
{
	char first[] = "a file XXXXXX", second[] = "a file XXXXXX", third[] = "a file XXXXXX.c", fourth[] = "a file XXXXXX.txt";
	char folder[] = "a file XXXXXX", wrong[] = "a file XXXXX", none[] = "no folder/XXXXXX", free_name[] = "a file XXXXXX";
	show("mkstemp", mkstemp(first), first, "");
	show("mkostemp", mkostemp(second, O_APPEND), second, "");
	printf("the same name twice: %d\n", strcmp(first, second) == 0);
	show("mkstemps", mkstemps(third, 2), third, ".c");
	show("mkostemps", mkostemps(fourth, 4, O_APPEND), fourth, ".txt");
	show("too few letters", mkstemp(wrong), wrong, "");
	show("no such folder", mkstemp(none), none, "");
	struct stat status;
	printf("mkdtemp: %d", mkdtemp(folder) == folder);
	stat(folder, &status);
	printf(", mode %o, %d\n", status.st_mode & 0777, rmdir(folder));
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	printf("mktemp: %d, %d\n", mktemp(free_name) == free_name, access(free_name, F_OK));
	return 0;
}
