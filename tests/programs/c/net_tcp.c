//# cpus: 1 2
//# cflags: -pthread
/* TCP over IPv4 and IPv6: addresses of both ends, flags of transfers, halves that are shut down, the end. */
#define _GNU_SOURCE
#include "net.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

static int listener;
static char report[200];

static void *echo(void *argument)
{
	union address peer;
	socklen_t bytes = sizeof(peer);
	char buffer[4096];
	int fd = accept4(listener, &peer.any, &bytes, SOCK_CLOEXEC);
	int used = sprintf(report, "accepted %d, %u bytes, close-on-exec %d\n", peer.any.sa_family, bytes, fcntl(fd, F_GETFD));
	ssize_t got;
	while ((got = recv(fd, buffer, sizeof(buffer), 0)) > 0)
		must("send", send(fd, buffer, got, 0) == got);
	sprintf(report + used, "end of the other side: %zd\n", got);
	must("send", send(fd, "bye", 3, 0) == 3);
	close(fd);
	return argument;
}

static void both_ways(int domain)
{
	union address address, own, peer;
	pthread_t thread;
	char buffer[64];
	listener = listening(domain, &address);
	printf("domain %d: a port %d\n", domain, address.ipv4.sin_port != 0);
	pthread_create(&thread, NULL, echo, NULL);
	int fd = socket(domain, SOCK_STREAM, IPPROTO_TCP);
	SHOW(connect(fd, &address.any, size_of(domain)));
	socklen_t bytes = sizeof(own), peer_bytes = sizeof(peer);
	SHOW(getsockname(fd, &own.any, &bytes));
	SHOW(getpeername(fd, &peer.any, &peer_bytes));
	printf("%u %u %d\n", bytes, peer_bytes, memcmp(&peer, &address, size_of(domain)));
	SHOW(send(fd, "hello, world", 12, 0));
	SHOW(readable(fd));
	SHOW(recv(fd, buffer, 5, MSG_PEEK));
	SHOW(recv(fd, buffer, 12, MSG_WAITALL));
	printf("%.12s\n", buffer);
	SHOW(recv(fd, buffer, 1, MSG_DONTWAIT));
	struct iovec parts[2] = {{"ab", 2}, {"cde", 3}};
	SHOW(writev(fd, parts, 2));
	char first[1], rest[9];
	struct iovec room[2] = {{first, 1}, {rest, 4}};
	SHOW(readable(fd));
	SHOW(readv(fd, room, 2));
	printf("%.1s %.4s\n", first, rest);
	SHOW(shutdown(fd, SHUT_WR));
	SHOW(recv(fd, buffer, 3, MSG_WAITALL));
	SHOW(recv(fd, buffer, 1, 0));
	pthread_join(thread, NULL);
	printf("%s", report);
	struct stat stat;
	SHOW(fstat(fd, &stat));
	printf("a socket: %d\n", S_ISSOCK(stat.st_mode));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(pread(fd, buffer, 1, 0));
	close(fd);
	close(listener);
}

static void *drain(void *argument)
{
	int fd = *(int *)argument;
	static char buffer[100000];
	long sum = 0;
	ssize_t got;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		for (ssize_t i = 0; i < got; i++)
			sum += (unsigned char)buffer[i];
	return (void *)sum;
}

/* More than any buffer holds: a send that waits sends all. */
static void much(void)
{
	enum { BYTES = 20 << 20 };
	int ends[2];
	pthread_t thread;
	long sum = 0;
	void *seen;
	char *data = malloc(BYTES);
	connected(ends);
	for (int i = 0; i < BYTES; i++)
		sum += (unsigned char)(data[i] = (char)(i * 7 + (i >> 10)));
	pthread_create(&thread, NULL, drain, &ends[1]);
	SHOW(send(ends[0], data, BYTES, 0));
	close(ends[0]);
	pthread_join(thread, &seen);
	printf("the same: %d\n", (long)seen == sum);
	close(ends[1]);
	free(data);
}

int main(void)
{
	both_ways(AF_INET);
	both_ways(AF_INET6);
	much();
	return 0;
}
