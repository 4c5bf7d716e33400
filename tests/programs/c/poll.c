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
	int ready = poll(set, 1, 30000);
	printf("%d %d\n", ready, !!(set[0].revents & POLLIN));
	ready = poll(set, 3, 30000);
	printf("%d %d %d %d\n", ready, !!(set[0].revents & POLLIN), set[1].revents == POLLNVAL, set[2].revents);
	read(0, &c, 1);
	struct pollfd file = { open("file", O_RDWR | O_CREAT, 0644), POLLIN | POLLOUT, 0 };
	ready = poll(&file, 1, 0);
	printf("%d %d\n", ready, file.revents == (POLLIN | POLLOUT));
	printf("%d\n", poll(NULL, 0, 20));
	return 0;
}
