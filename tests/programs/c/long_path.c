/* Paths of 255 characters in a component and of nearly 4096 in all; longer ones are ENAMETOOLONG. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	char component[257], path[6000] = "";
	memset(component, 'p', 255);
	component[255] = 0;
	int depth = 0;
	while (strlen(path) + 256 < 4000) {
		strcat(path, component);
		if (mkdir(path, 0755)) {
			printf("mkdir at depth %d failed with %d\n", depth, errno);
			return 1;
		}
		strcat(path, "/");
		depth++;
	}
	size_t end = strlen(path);
	strcat(path, "file");
	int fd = open(path, O_WRONLY | O_CREAT, 0644);
	printf("depth %d, %zu characters, open %d, write %zd\n", depth, strlen(path), fd >= 0, write(fd, "x", 1));
	printf("unlink %d\n", unlink(path));
	path[end] = 0;
	while (depth-- > 0) {
		path[strlen(path) - 1] = 0;
		if (rmdir(path))
			return 2;
		char *slash = strrchr(path, '/');
		if (slash)
			slash[1] = 0;
	}
	memset(component, 'q', 256);
	component[256] = 0;
	SHOW(mkdir(component, 0755));
	for (int i = 0; i < 2100; i++)
		memcpy(path + 2 * i, "./", 2);
	path[4200] = 0;
	SHOW(open(path, O_RDONLY));
	path[4090] = 0;
	printf("path of 4090: %d\n", open(path, O_RDONLY) >= 0);
	return 0;
}
