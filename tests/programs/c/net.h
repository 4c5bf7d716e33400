/* Sockets on this machine for tests: listeners, connections, addresses. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "show.h"

/* 127.0.0.1 or ::1, and a port. */
union address {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

static union address local(int domain, int port)
{
	union address address = {0};
	address.any.sa_family = domain;
	if (domain == AF_INET) {
		address.ipv4.sin_port = htons(port);
		address.ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	} else {
		address.ipv6.sin6_port = htons(port);
		address.ipv6.sin6_addr = in6addr_loopback;
	}
	return address;
}

static socklen_t size_of(int domain)
{
	return domain == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

static void __attribute__((unused)) must(const char *what, int holds)
{
	if (!holds) {
		perror(what);
		exit(2);
	}
}

/* A socket bound to a port of the system's choice, which `address` then tells. */
static int __attribute__((unused)) bound(int domain, int type, union address *address)
{
	int fd = socket(domain, type, 0);
	socklen_t bytes = size_of(domain);
	*address = local(domain, 0);
	must("bind", fd >= 0 && bind(fd, &address->any, bytes) == 0 && getsockname(fd, &address->any, &bytes) == 0);
	return fd;
}

static int __attribute__((unused)) listening(int domain, union address *address)
{
	int fd = bound(domain, SOCK_STREAM, address);
	must("listen", listen(fd, 64) == 0);
	return fd;
}

/* Two ends of a connection. */
static void __attribute__((unused)) connected(int ends[2])
{
	union address address;
	int listener = listening(AF_INET, &address);
	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	must("connect", connect(ends[0], &address.any, size_of(AF_INET)) == 0);
	ends[1] = accept(listener, NULL, NULL);
	must("accept", ends[1] >= 0);
	close(listener);
}

/* Waits until there is something to read. */
static int __attribute__((unused)) readable(int fd)
{
	struct pollfd entry = {fd, POLLIN, 0};
	return poll(&entry, 1, 30000);
}
