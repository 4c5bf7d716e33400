/* Files go from one open directory to another, by names relative to each. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	SHOW(mkdir("from", 0700));
	SHOW(mkdir("to", 0700));
	int from = open("from", O_RDONLY | O_DIRECTORY), to = open("to", O_RDONLY | O_DIRECTORY);
	SHOW(close(openat(from, "file", O_CREAT | O_WRONLY, 0600)));
	SHOW(renameat(from, "file", to, "renamed"));
	SHOW(access("from/file", F_OK));
	SHOW(access("from/renamed", F_OK));
	SHOW(access("to/renamed", F_OK));
	SHOW(renameat(to, "renamed", AT_FDCWD, "back"));
	SHOW(access("back", F_OK));
	SHOW(unlink("back"));
	close(from), close(to);
	SHOW(rmdir("from"));
	SHOW(rmdir("to"));
	return 0;
}
