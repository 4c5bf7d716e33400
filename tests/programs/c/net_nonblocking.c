/* Sockets that do not wait: by SOCK_NONBLOCK, by fcntl, by FIONBIO; connecting, and the answer in SO_ERROR; accepted sockets do not inherit it. */
#define _GNU_SOURCE
#include "net.h"

#include <fcntl.h>

static int error_of(int fd)
{
	int error = -1;
	socklen_t bytes = sizeof(error);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes);
	return error;
}

/* Connects without waiting, and waits then. */
static void try_to_connect(const union address *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	printf("flags %o\n", fcntl(fd, F_GETFL));
	int result = connect(fd, &address->any, size_of(AF_INET));
	printf("at once or in progress: %d\n", result == 0 || errno == EINPROGRESS);
	struct pollfd entry = {fd, POLLOUT, 0};
	SHOW(poll(&entry, 1, 30000));
	int error = error_of(fd);
	printf("error %d\n", result == 0 ? 0 : error);
	SHOW(error_of(fd));
	if (error == 0)
		SHOW(send(fd, "x", 1, 0));
	close(fd);
}

int main(void)
{
	union address address, nobody;
	int listener = listening(AF_INET, &address);
	char c;
	close(bound(AF_INET, SOCK_STREAM, &nobody));
	try_to_connect(&address);
	try_to_connect(&nobody);
	SHOW(fcntl(listener, F_SETFL, O_NONBLOCK));
	SHOW(readable(listener));
	int accepted = accept(listener, NULL, NULL);
	printf("accepted: flags %o\n", fcntl(accepted, F_GETFL));
	SHOW(accept(listener, NULL, NULL));
	SHOW(recv(accepted, &c, 1, 0));
	SHOW(recv(accepted, &c, 1, 0));
	close(accepted);

	int ends[2], on = 1;
	connected(ends);
	SHOW(ioctl(ends[0], FIONBIO, &on));
	SHOW(recv(ends[0], &c, 1, 0));
	SHOW(read(ends[0], &c, 1));
	static char much[1 << 20];
	ssize_t sent, whole = 0;
	while ((sent = send(ends[0], much, sizeof(much), 0)) > 0)
		whole += sent;
	printf("full: %d, errno %d\n", whole > 0, errno);
	struct pollfd entry = {ends[0], POLLOUT, 0};
	SHOW(poll(&entry, 1, 0));
	ssize_t got = 0;
	while (got < whole)
		got += recv(ends[1], much, sizeof(much), 0);
	printf("all of it: %d\n", got == whole);
	SHOW(poll(&entry, 1, 30000));

	/* Made without waiting, and then used with. */
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	connect(fd, &address.any, size_of(AF_INET));
	SHOW(readable(listener));
	accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	printf("accept4: flags %o, %d\n", fcntl(accepted, F_GETFL), fcntl(accepted, F_GETFD));
	SHOW(fcntl(fd, F_SETFL, 0));
	SHOW(send(accepted, "y", 1, 0));
	SHOW(recv(fd, &c, 1, 0));
	SHOW(accept4(listener, NULL, NULL, 1));
	return 0;
}
