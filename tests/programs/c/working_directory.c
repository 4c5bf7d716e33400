/* getcwd, chdir, fchdir, and relative paths that follow. */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	char before[PATH_MAX], now[PATH_MAX], tiny[2];
	if (!getcwd(before, sizeof before) || before[0] != '/')
		return 1;
	mkdir("inner", 0755);
	int home = open(".", O_RDONLY | O_DIRECTORY);
	printf("chdir %d\n", chdir("inner"));
	getcwd(now, sizeof now);
	printf("moved by <%s>\n", strncmp(now, before, strlen(before)) == 0 ? now + strlen(before) : now);
	FILE *file = fopen("here", "w");
	fputs("text", file);
	fclose(file);
	printf("fchdir %d\n", fchdir(home));
	getcwd(now, sizeof now);
	SHOW(strcmp(now, before));
	SHOW(access("inner/here", R_OK));
	SHOW(access("here", F_OK));
	SHOW(getcwd(tiny, sizeof tiny) ? 0 : -1);
	SHOW(chdir("nowhere"));
	SHOW(chdir("inner/here"));
	return 0;
}
