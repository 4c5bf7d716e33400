//# stdin: x
/* poll(2) on standard input, on a file, with a timeout, with a bad descriptor. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char c;
	struct pollfd set[3] = { { 0, POLLIN, 0 }, { 999, POLLIN, 0 }, { -1, POLLIN, 0 } };
	printf("%d %d %d %d\n", poll(set, 3, 10000), !!(set[0].revents & POLLIN), set[1].revents == POLLNVAL, set[2].revents);
	read(0, &c, 1);
	struct pollfd file = { open("file", O_RDWR | O_CREAT, 0644), POLLIN | POLLOUT, 0 };
	printf("%d %d\n", poll(&file, 1, 0), file.revents == (POLLIN | POLLOUT));
	printf("%d\n", poll(NULL, 0, 20));
	return 0;
}
