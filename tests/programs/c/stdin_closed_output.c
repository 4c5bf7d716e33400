/* A program that closes its standard streams and opens others in their place. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	int keep = dup(1);
	close(0);
	close(1);
	printf("");
	int in = open("/dev/null", O_RDONLY), out = open("file", O_RDWR | O_CREAT, 0644);
	printf("into the file\n");
	fflush(stdout);
	dup2(keep, 1);
	char text[32] = "";
	pread(out == 1 ? open("file", O_RDONLY) : out, text, sizeof text - 1, 0);
	printf("%d %d <%s>\n", in, out, text);
	return 0;
}
