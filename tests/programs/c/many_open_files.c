/* 900 files open at once; the lowest free descriptor is taken. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	int fds[900];
	char name[16] = "";
	for (int i = 0; i < 900; i++) {
		snprintf(name, sizeof name, "f%d", i);
		fds[i] = open(name, O_RDWR | O_CREAT, 0644);
		if (fds[i] < 0 || (i > 0 && fds[i] <= fds[i - 1])) {
			printf("file %d got %d\n", i, fds[i]);
			return 1;
		}
		write(fds[i], name, sizeof name);
	}
	int lowest = fds[100];
	close(fds[500]);
	close(fds[100]);
	int low = open("f1", O_RDONLY);
	printf("the lowest %d\n", low == lowest);
	for (int i = 0; i < 900; i++) {
		char back[16], expected[16];
		if (i == 100 || i == 500)
			continue;
		snprintf(expected, sizeof expected, "f%d", i);
		if (pread(fds[i], back, sizeof back, 0) != 16 || strcmp(back, expected) || close(fds[i]))
			return 2;
	}
	puts("ok");
	return 0;
}
