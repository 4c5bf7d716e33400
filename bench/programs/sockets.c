/* TCP over the loopback device, both ends in this program: sockets ping|stream|connect|empty.
 *
 * ping: one byte there and back.
 * stream: 1 MiB, by sends of 1 MiB to a thread that receives all.
 * connect: connect, accept and close of both ends.
 * empty: a receive that finds nothing.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "figure.h"

enum { BLOCK = 1 << 20 };

static struct sockaddr_in address = {.sin_family = AF_INET};

static int listening(void)
{
	socklen_t bytes = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(fd >= 0 && bind(fd, (struct sockaddr *)&address, bytes) == 0 && listen(fd, 128) == 0, "listen");
	must(getsockname(fd, (struct sockaddr *)&address, &bytes) == 0, "getsockname");
	return fd;
}

static int connected(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	must(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static void *echo(void *argument)
{
	int fd = accept(*(int *)argument, NULL, NULL), on = 1;
	char byte;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	while (recv(fd, &byte, 1, 0) == 1)
		must(send(fd, &byte, 1, 0) == 1, "send");
	close(fd);
	return NULL;
}

static void *drain(void *argument)
{
	int fd = accept(*(int *)argument, NULL, NULL);
	char *buffer = malloc(BLOCK);
	while (recv(fd, buffer, BLOCK, 0) > 0)
		;
	free(buffer);
	close(fd);
	return NULL;
}

static void there_and_back(int fd)
{
	char byte = 'x';
	must(send(fd, &byte, 1, 0) == 1 && recv(fd, &byte, 1, 0) == 1, "there and back");
}

static void connect_once(int listener)
{
	int fd = connected(), other = accept(listener, NULL, NULL);
	must(other >= 0, "accept");
	/* Reset, so that no port waits for late packets. */
	struct linger linger = {1, 0};
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
	close(other);
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	int listener = listening();
	pthread_t thread;
	if (strcmp(what, "ping") == 0 || strcmp(what, "stream") == 0) {
		int is_ping = what[0] == 'p';
		pthread_create(&thread, NULL, is_ping ? echo : drain, &listener);
		int fd = connected();
		char *block = calloc(1, BLOCK);
		if (is_ping)
			FIGURE("ping", 10, 2000, there_and_back(fd));
		else
			FIGURE("stream", 10, 200, must(send(fd, block, BLOCK, 0) == BLOCK, "send"));
		close(fd);
		pthread_join(thread, NULL);
		free(block);
	} else if (strcmp(what, "connect") == 0)
		FIGURE("connect", 10, 500, connect_once(listener));
	else if (strcmp(what, "empty") == 0) {
		int fd = connected();
		char byte;
		FIGURE("empty", 10, 20000, must(recv(fd, &byte, 1, MSG_DONTWAIT) < 0, "recv"));
	} else
		return 2;
	return 0;
}
