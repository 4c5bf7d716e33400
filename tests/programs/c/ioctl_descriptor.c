/* Requests of ioctl(2) that are the descriptor's, whatever is behind it: O_NONBLOCK and close-on-exec. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SHOW(call) show(#call, call)

static void show(const char *call, long result)
{
	printf("%s = %ld", call, result);
	if (result < 0)
		printf(", errno %d", errno);
	putchar('\n');
}

static void try(const char *name, int fd)
{
	int on = 1, off = 0;
	printf("%s\n", name);
	int before = fcntl(fd, F_GETFL);
	SHOW(ioctl(fd, FIONBIO, &on));
	printf("O_NONBLOCK alone is new: %d\n", fcntl(fd, F_GETFL) == (before | O_NONBLOCK));
	SHOW(ioctl(fd, FIONBIO, &off));
	printf("and gone: %d\n", fcntl(fd, F_GETFL) == (before & ~O_NONBLOCK));
	SHOW(ioctl(fd, FIOCLEX));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(ioctl(fd, FIONCLEX));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(ioctl(fd, FIONBIO, NULL));
}

int main(void)
{
	int ends[2], pair[2], on = 1;
	char c;
	pipe(ends);
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	try("pipe", ends[0]);
	try("socket", pair[0]);
	try("file", open("ioctl_descriptor.tmp", O_RDWR | O_CREAT | O_APPEND, 0600));
	unlink("ioctl_descriptor.tmp");
	ioctl(ends[0], FIONBIO, &on);
	SHOW(read(ends[0], &c, 1));
	SHOW(ioctl(-1, FIONBIO, &on));
	SHOW(ioctl(1000, FIOCLEX));
	return 0;
}
