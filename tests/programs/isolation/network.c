/* What of the network is reached, said in errors: a socket, this machine, another one (198.51.100.1 is nobody's: RFC 5737), another one by a
 * datagram, and the port of who listens on 8123: `PORT`, or `-` if that could not be. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static struct sockaddr_in at(const char *text, int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	inet_pton(AF_INET, text, &address.sin_addr);
	return address;
}

static void tell(const char *what, int result)
{
	printf("%s %d\n", what, result < 0 ? errno : 0);
}

int main(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), datagram = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in here = at("127.0.0.1", 9), there = at("198.51.100.1", 9);
	tell("socket", fd);
	if (fd < 0)
		return 0;
	/* Refused at once or later: it got there. */
	int result = connect(fd, (struct sockaddr *)&here, sizeof(here));
	printf("here %d\n", result < 0 && (errno == ECONNREFUSED || errno == EINPROGRESS) ? 0 : errno);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	result = connect(fd, (struct sockaddr *)&there, sizeof(there));
	printf("there %d\n", result < 0 && errno == EACCES ? EACCES : 0);
	result = sendto(datagram, "x", 1, 0, (struct sockaddr *)&there, sizeof(there)) < 0 && errno == EACCES;
	printf("datagram %d\n", result ? EACCES : 0);
	struct sockaddr_in any = at("0.0.0.0", 8123);
	socklen_t bytes = sizeof(any);
	int server = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (bind(server, (struct sockaddr *)&any, sizeof(any)) == 0 && listen(server, 1) == 0 &&
	    getsockname(server, (struct sockaddr *)&any, &bytes) == 0)
		printf("port %d\n", ntohs(any.sin_port));
	else
		printf("port - %s\n", strerror(errno));
	return 0;
}
