/* linkat, symlinkat, readlinkat, seen from folders that are open. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	struct stat st;
	char text[100] = "";
	mkdir("folder", 0700);
	int folder = open("folder", O_RDONLY | O_DIRECTORY);
	int file = openat(folder, "file", O_CREAT | O_RDWR, 0600);
	SHOW(symlinkat("file", folder, "link"));
	SHOW(symlinkat("file", folder, "link"));
	SHOW(symlinkat("file", AT_FDCWD, "here"));
	SHOW(symlinkat("file", 99, "link"));
	SHOW(readlinkat(folder, "link", text, sizeof(text)));
	printf("%s\n", text);
	SHOW(readlinkat(folder, "link", text, 2));
	SHOW(readlinkat(folder, "file", text, sizeof(text)));
	SHOW(readlinkat(file, "x", text, sizeof(text)));
	SHOW(readlinkat(AT_FDCWD, "folder/link", text, sizeof(text)));
	SHOW(linkat(folder, "file", AT_FDCWD, "second", 0));
	SHOW(linkat(folder, "link", folder, "third", AT_SYMLINK_FOLLOW));
	SHOW(linkat(folder, "link", folder, "fourth", 0));
	SHOW(linkat(folder, "nothing", folder, "fifth", AT_SYMLINK_FOLLOW));
	SHOW(linkat(folder, "file", folder, "sixth", 1));
	fstatat(folder, "third", &st, AT_SYMLINK_NOFOLLOW);
	printf("%d %ld\n", S_ISREG(st.st_mode), (long) st.st_nlink);
	fstatat(folder, "fourth", &st, AT_SYMLINK_NOFOLLOW);
	printf("%d\n", S_ISLNK(st.st_mode));
	return 0;
}
