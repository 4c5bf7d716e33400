//# cpus: 1 2
//# cflags: -pthread
/* Sockets inside of the isle: streams, datagrams and packets, in pairs and by name (abstract ones), open files sent along, who the other
 * side is, what ends a connection. */
#define _GNU_SOURCE
#include "net.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/un.h>

static struct sockaddr_un named(const char *text, socklen_t *bytes)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "hermit-test-%s-%d", text, (int)getpid());
	*bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(address.sun_path + 1));
	return address;
}

static void pairs(int type)
{
	int ends[2], value;
	socklen_t bytes = sizeof(value);
	char buffer[16];
	printf("-- type %d\n", type);
	SHOW(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	SHOW(fcntl(ends[1], F_GETFD));
	SHOW(getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &value, &bytes));
	SHOW(value);
	SHOW(send(ends[0], "one", 3, 0));
	SHOW(write(ends[0], "two2", 4));
	SHOW(ioctl(ends[1], FIONREAD, &value));
	SHOW(value);
	SHOW(recv(ends[1], buffer, 2, MSG_PEEK));
	SHOW(recv(ends[1], buffer, 2, 0));
	SHOW(recv(ends[1], buffer, 16, 0));
	printf("%.4s\n", buffer);
	SHOW(recv(ends[1], buffer, 16, MSG_DONTWAIT));
	SHOW(send(ends[0], "longer", 6, 0));
	SHOW(recv(ends[1], buffer, 3, MSG_TRUNC));
	SHOW(shutdown(ends[0], SHUT_WR));
	SHOW(send(ends[0], "x", 1, MSG_NOSIGNAL));
	struct pollfd entry = {ends[1], POLLIN | POLLOUT | POLLRDHUP, 0};
	SHOW(poll(&entry, 1, 0));
	printf("%x\n", entry.revents);
	SHOW(send(ends[1], "back", 4, 0));
	SHOW(recv(ends[0], buffer, 16, 0));
	struct stat stat;
	SHOW(fstat(ends[0], &stat));
	printf("%d\n", S_ISSOCK(stat.st_mode));
	close(ends[1]);
	entry.fd = ends[0];
	SHOW(poll(&entry, 1, 0));
	printf("%x\n", entry.revents & (POLLIN | POLLHUP | POLLRDHUP));
	SHOW(recv(ends[0], buffer, 16, MSG_DONTWAIT));
	close(ends[0]);
}

static void *serve(void *argument)
{
	struct sockaddr_un peer;
	socklen_t bytes = sizeof(peer);
	char buffer[64];
	int fd = accept(*(int *)argument, (struct sockaddr *)&peer, &bytes);
	ssize_t got;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		must("write", write(fd, buffer, (size_t)got) == got);
	close(fd);
	return (void *)(long)bytes;
}

static void by_name(int type)
{
	socklen_t bytes, told = sizeof(struct sockaddr_un);
	struct sockaddr_un address = named(type == SOCK_STREAM ? "stream" : "packets", &bytes), got;
	pthread_t thread;
	void *result;
	char buffer[8];
	printf("-- by name, type %d\n", type);
	int listener = socket(AF_UNIX, type, 0), fd = socket(AF_UNIX, type, 0), other = socket(AF_UNIX, type, 0);
	SHOW(connect(fd, (struct sockaddr *)&address, bytes));
	SHOW(listen(listener, 1));
	SHOW(bind(listener, (struct sockaddr *)&address, bytes));
	SHOW(bind(listener, (struct sockaddr *)&address, bytes));
	SHOW(bind(other, (struct sockaddr *)&address, bytes));
	SHOW(connect(fd, (struct sockaddr *)&address, bytes));
	SHOW(listen(listener, 5));
	pthread_create(&thread, NULL, serve, &listener);
	SHOW(connect(fd, (struct sockaddr *)&address, bytes));
	SHOW(connect(fd, (struct sockaddr *)&address, bytes));
	SHOW(getpeername(fd, (struct sockaddr *)&got, &told));
	printf("%d %d\n", told == bytes, memcmp(&got, &address, bytes));
	told = sizeof(got);
	SHOW(getsockname(fd, (struct sockaddr *)&got, &told));
	SHOW(told);
	struct ucred who;
	told = sizeof(who);
	SHOW(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &told));
	printf("%d\n", who.pid == getpid());
	SHOW(send(fd, "hello", 5, 0));
	SHOW(recv(fd, buffer, 5, MSG_WAITALL));
	printf("%.5s\n", buffer);
	close(fd);
	pthread_join(thread, &result);
	printf("unnamed peer: %ld bytes\n", (long)result);
	fcntl(listener, F_SETFL, O_NONBLOCK);
	SHOW(accept(listener, NULL, NULL));
	close(listener);
	fd = socket(AF_UNIX, type, 0);
	SHOW(connect(fd, (struct sockaddr *)&address, bytes));
	SHOW(recv(fd, buffer, 1, 0));
	SHOW(send(fd, "x", 1, MSG_NOSIGNAL));
	SHOW(shutdown(fd, SHUT_RD));
	close(fd);
	close(other);
}

static void datagrams(void)
{
	socklen_t one_bytes, other_bytes, told = sizeof(struct sockaddr_un);
	struct sockaddr_un one_address = named("one", &one_bytes), other_address = named("other", &other_bytes), from;
	char buffer[8];
	printf("-- datagrams\n");
	int one = socket(AF_UNIX, SOCK_DGRAM, 0), other = socket(AF_UNIX, SOCK_DGRAM, 0);
	SHOW(send(one, "x", 1, 0));
	SHOW(sendto(one, "x", 1, 0, (struct sockaddr *)&other_address, other_bytes));
	SHOW(bind(other, (struct sockaddr *)&other_address, other_bytes));
	SHOW(sendto(one, "x", 1, 0, (struct sockaddr *)&other_address, other_bytes));
	SHOW(recvfrom(other, buffer, sizeof(buffer), 0, (struct sockaddr *)&from, &told));
	printf("unnamed sender: %u bytes\n", (unsigned)told);
	told = sizeof(from);
	SHOW(bind(one, (struct sockaddr *)&one_address, one_bytes));
	SHOW(sendto(one, "abc", 3, 0, (struct sockaddr *)&other_address, other_bytes));
	SHOW(recvfrom(other, buffer, sizeof(buffer), 0, (struct sockaddr *)&from, &told));
	printf("%d %d\n", told == one_bytes, memcmp(&from, &one_address, one_bytes));
	SHOW(connect(one, (struct sockaddr *)&other_address, other_bytes));
	SHOW(send(one, "", 0, 0));
	SHOW(recv(other, buffer, sizeof(buffer), 0));
	fcntl(one, F_SETFL, O_NONBLOCK);
	int sent = 0;
	static char message[1000];
	while (sent < 100000 && send(one, message, sizeof(message), 0) == sizeof(message))
		sent++;
	printf("full: %d, errno %d\n", sent > 0, errno);
	SHOW(send(one, message, 1, 0));
	close(other);
	SHOW(send(one, "x", 1, 0));
	close(one);
}

static void rights(int type)
{
	int ends[2], fds[2], got = -1;
	char byte = 0;
	printf("-- rights, type %d\n", type);
	must("pairs", socketpair(AF_UNIX, type, 0, ends) == 0 && pipe(fds) == 0);
	union { char bytes[CMSG_SPACE(2 * sizeof(int))]; struct cmsghdr first; } control = {{0}};
	struct iovec part = {"r", 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(sizeof(int))};
	control.first = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(&control.first), &fds[1], sizeof(int));
	SHOW(sendmsg(ends[0], &message, 0));
	close(fds[1]);
	part.iov_base = &byte;
	memset(&control, 0, sizeof(control));
	message.msg_controllen = sizeof(control);
	SHOW(recvmsg(ends[1], &message, MSG_CMSG_CLOEXEC));
	printf("%c, %zu bytes, level %d, type %d, length %zu\n", byte, (size_t)message.msg_controllen, control.first.cmsg_level,
	       control.first.cmsg_type, (size_t)control.first.cmsg_len);
	memcpy(&got, CMSG_DATA(&control.first), sizeof(int));
	SHOW(fcntl(got, F_GETFD));
	SHOW(write(got, "through", 7));
	char buffer[8] = "";
	SHOW(read(fds[0], buffer, 8));
	printf("%s\n", buffer);
	close(got);
	SHOW(read(fds[0], buffer, 8));
	control.first.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.first), &(int){999}, sizeof(int));
	message.msg_controllen = CMSG_SPACE(sizeof(int));
	SHOW(sendmsg(ends[0], &message, 0));
	close(ends[0]);
	close(ends[1]);
	close(fds[0]);
}

static void *drain(void *argument)
{
	static char buffer[70000];
	long whole = 0;
	ssize_t got;
	while ((got = recv(*(int *)argument, buffer, sizeof(buffer), 0)) > 0)
		whole += got;
	return (void *)whole;
}

static void much(void)
{
	int ends[2];
	pthread_t thread;
	void *whole;
	static char data[5000000];
	printf("-- much\n");
	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	pthread_create(&thread, NULL, drain, &ends[1]);
	SHOW(send(ends[0], data, sizeof(data), 0));
	close(ends[0]);
	pthread_join(thread, &whole);
	printf("%ld\n", (long)whole);
	struct timeval limit = {0, 30000};
	char byte;
	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	SHOW(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	SHOW(recv(ends[0], &byte, 1, 0));
	SHOW(send(ends[0], "unread", 6, 0));
	close(ends[1]);
	SHOW(recv(ends[0], &byte, 1, 0));
	SHOW(recv(ends[0], &byte, 1, 0));
	close(ends[0]);
}

int main(void)
{
	int fds[2];
	pairs(SOCK_STREAM);
	pairs(SOCK_SEQPACKET);
	by_name(SOCK_STREAM);
	by_name(SOCK_SEQPACKET);
	datagrams();
	rights(SOCK_STREAM);
	rights(SOCK_DGRAM);
	much();
	printf("-- bad input\n");
	SHOW(socketpair(AF_INET, SOCK_STREAM, 0, fds));
	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 7, fds));
	SHOW(socketpair(AF_UNIX, 77, 0, fds));
	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, (int *)16));
	SHOW(socket(AF_UNIX, SOCK_STREAM, 7));
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_in internet = {.sin_family = AF_INET};
	SHOW(bind(fd, (struct sockaddr *)&internet, sizeof(internet)));
	SHOW(connect(fd, (struct sockaddr *)&internet, sizeof(internet)));
	SHOW(bind(fd, (struct sockaddr *)&(struct sockaddr_un){.sun_family = AF_UNIX}, 2));
	struct sockaddr_un own;
	socklen_t bytes = sizeof(own);
	SHOW(getsockname(fd, (struct sockaddr *)&own, &bytes));
	printf("automatic: %u bytes, %d\n", bytes, own.sun_path[0]);
	SHOW(accept(fd, NULL, NULL));
	return 0;
}
