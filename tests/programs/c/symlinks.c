/* symlink, readlink, lstat, O_NOFOLLOW, a loop, a dangling link. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	char target[64];
	struct stat st;
	FILE *file = fopen("file", "w");
	fputs("content", file);
	fclose(file);
	SHOW(symlink("file", "link"));
	SHOW(symlink("nothing", "dangling"));
	SHOW(symlink("loop", "loop"));
	memset(target, '#', sizeof target);
	ssize_t len = readlink("link", target, sizeof target);
	printf("readlink %zd <%.*s> untouched behind %d\n", len, (int)len, target, target[len] == '#');
	SHOW(readlink("link", target, 2));
	SHOW(target[0]);
	SHOW(target[1]);
	SHOW(lstat("link", &st));
	SHOW(S_ISLNK(st.st_mode) != 0);
	SHOW(st.st_size);
	SHOW(stat("link", &st));
	SHOW(S_ISREG(st.st_mode) != 0);
	SHOW(st.st_size);
	SHOW(stat("dangling", &st));
	SHOW(open("loop", O_RDONLY));
	SHOW(open("link", O_RDONLY | O_NOFOLLOW));
	SHOW(readlink("file", target, 8));
	int fd = open("link", O_RDONLY);
	printf("through %zd\n", read(fd, target, sizeof target));
	return close(fd);
}
