/* Bad input to every call on sockets, and options: errors are Linux's. */
#define _GNU_SOURCE
#include "net.h"

#include <fcntl.h>

static void options(void)
{
	int tcp = socket(AF_INET, SOCK_STREAM, 0), ipv6 = socket(AF_INET6, SOCK_STREAM, 0), on = 1, value;
	socklen_t bytes = sizeof(value);
	SHOW(setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	SHOW(setsockopt(tcp, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)));
	SHOW(setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
	SHOW(setsockopt(ipv6, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)));
	SHOW(getsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &value, &bytes));
	printf("%d %u\n", value, bytes);
	SHOW(getsockopt(tcp, SOL_SOCKET, SO_TYPE, &value, &bytes));
	printf("%d %u\n", value, bytes);
	SHOW(getsockopt(tcp, SOL_SOCKET, SO_ACCEPTCONN, &value, &bytes));
	printf("%d %u\n", value, bytes);
	SHOW(getsockopt(ipv6, SOL_SOCKET, SO_DOMAIN, &value, &bytes));
	printf("%d %u\n", value, bytes);
	bytes = 1;
	value = 0;
	SHOW(getsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &value, &bytes));
	printf("%d %u\n", value, bytes);
	bytes = sizeof(value);
	value = 20000;
	SHOW(setsockopt(tcp, SOL_SOCKET, SO_RCVBUF, &value, sizeof(value)));
	SHOW(getsockopt(tcp, SOL_SOCKET, SO_RCVBUF, &value, &bytes));
	printf("%d\n", value);
	SHOW(setsockopt(tcp, SOL_SOCKET, SO_TYPE, &on, sizeof(on)));
	SHOW(setsockopt(tcp, SOL_SOCKET, SO_KEEPALIVE, &on, 1));
	SHOW(setsockopt(tcp, SOL_SOCKET, SO_KEEPALIVE, NULL, sizeof(on)));
	SHOW(setsockopt(tcp, 12345, 1, &on, sizeof(on)));
	SHOW(getsockopt(tcp, SOL_SOCKET, SO_ERROR, NULL, &bytes));
	SHOW(getsockopt(tcp, SOL_SOCKET, SO_ERROR, &value, NULL));
	bytes = (socklen_t)-1;
	SHOW(getsockopt(tcp, SOL_SOCKET, SO_ERROR, &value, &bytes));
	struct tcp_info info;
	bytes = sizeof(info);
	SHOW(getsockopt(tcp, IPPROTO_TCP, TCP_INFO, &info, &bytes));
	printf("state %d\n", info.tcpi_state);
	close(tcp);
	close(ipv6);
}

int main(void)
{
	union address address;
	socklen_t bytes = sizeof(address);
	char c;
	int file = open("/dev/null", O_RDWR);
	SHOW(socket(12345, SOCK_STREAM, 0));
	SHOW(socket(AF_INET, 77, 0));
	SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
	SHOW(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
	SHOW(bind(-1, &address.any, bytes));
	SHOW(listen(file, 1));
	SHOW(accept(file, NULL, NULL));
	SHOW(getsockname(file, &address.any, &bytes));
	SHOW(send(file, "x", 1, 0));
	SHOW(recv(999, &c, 1, 0));
	SHOW(shutdown(file, SHUT_RD));
	SHOW(setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &c, 1));

	int fd = socket(AF_INET, SOCK_STREAM, 0);
	address = local(AF_INET, 0);
	SHOW(bind(fd, &address.any, 3));
	SHOW(bind(fd, &address.any, 4096));
	SHOW(bind(fd, NULL, 16));
	address.any.sa_family = 77;
	SHOW(bind(fd, &address.any, 16));
	address = local(AF_INET, 0);
	SHOW(connect(fd, &address.any, 3));
	SHOW(accept(fd, NULL, NULL));
	SHOW(recv(fd, &c, 1, 0));
	SHOW(shutdown(fd, SHUT_RDWR));
	SHOW(getpeername(fd, &address.any, &bytes));
	SHOW(getsockname(fd, NULL, &bytes));
	SHOW(getsockname(fd, &address.any, NULL));
	int taken = listening(AF_INET, &address);
	SHOW(bind(fd, &address.any, size_of(AF_INET)));
	SHOW(listen(fd, -5));
	SHOW(connect(fd, &address.any, size_of(AF_INET)));
	SHOW(shutdown(taken, 99));
	int ends[2];
	connected(ends);
	SHOW(connect(ends[0], &address.any, size_of(AF_INET)));
	SHOW(listen(ends[0], 1));
	SHOW(send(ends[0], (void *)16, 10, 0));
	SHOW(send(ends[1], "abc", 3, 0));
	SHOW(readable(ends[0]));
	SHOW(recv(ends[0], (void *)16, 10, 0));
	SHOW(recv(ends[0], &c, 1, 0));
	SHOW(recv(ends[0], &c, 0, 0));
	SHOW(sendmsg(ends[0], NULL, 0));
	SHOW(recvmsg(ends[0], (void *)16, 0));
	SHOW(accept4(taken, NULL, NULL, 0x12345));
	int datagram = socket(AF_INET, SOCK_DGRAM, 0);
	SHOW(send(datagram, "x", 1, 0));
	SHOW(listen(datagram, 1));
	static char much[70000];
	SHOW(sendto(datagram, much, sizeof(much), 0, &address.any, size_of(AF_INET)));
	address.ipv4.sin_addr.s_addr = htonl(INADDR_BROADCAST);
	SHOW(sendto(datagram, "x", 1, 0, &address.any, size_of(AF_INET)));
	options();
	return 0;
}
