/* UDP: addresses with each datagram, cut off ones, messages with parts and control messages, many at once, refused ones. */
#define _GNU_SOURCE
#include "net.h"

static void datagrams(int domain)
{
	union address one_address, other_address, from;
	int one = bound(domain, SOCK_DGRAM, &one_address), other = bound(domain, SOCK_DGRAM, &other_address);
	socklen_t bytes = sizeof(from);
	char buffer[16];
	SHOW(sendto(one, "datagram", 8, 0, &other_address.any, size_of(domain)));
	SHOW(readable(other));
	SHOW(recvfrom(other, buffer, sizeof(buffer), 0, &from.any, &bytes));
	printf("%u %d\n", bytes, memcmp(&from, &one_address, size_of(domain)));
	SHOW(sendto(one, "", 0, 0, &other_address.any, size_of(domain)));
	SHOW(readable(other));
	SHOW(recv(other, buffer, sizeof(buffer), 0));
	SHOW(recv(other, buffer, sizeof(buffer), MSG_DONTWAIT));
	SHOW(connect(one, &other_address.any, size_of(domain)));
	SHOW(send(one, "longer than it", 14, 0));
	SHOW(readable(other));
	SHOW(recv(other, buffer, 6, MSG_PEEK | MSG_TRUNC));
	bytes = 4; /* Less room than the address takes. */
	SHOW(recvfrom(other, buffer, 6, 0, &from.any, &bytes));
	SHOW(bytes);
	SHOW(send(one, "", 0, MSG_OOB));
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	SHOW(connect(one, &none, sizeof(none)));
	SHOW(send(one, "x", 1, 0));
	close(one);
	close(other);
}

static void messages(void)
{
	union address one_address, other_address, from;
	int one = bound(AF_INET, SOCK_DGRAM, &one_address), other = bound(AF_INET, SOCK_DGRAM, &other_address), on = 1;
	SHOW(setsockopt(other, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)));
	SHOW(setsockopt(other, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)));
	struct iovec out[3] = {{"one ", 4}, {NULL, 0}, {"two", 3}};
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr first; } ttl = {{0}};
	struct msghdr message = {.msg_name = &other_address, .msg_namelen = size_of(AF_INET), .msg_iov = out, .msg_iovlen = 3,
	                         .msg_control = &ttl, .msg_controllen = sizeof(ttl)};
	ttl.first = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_TTL};
	memcpy(CMSG_DATA(&ttl.first), &(int){33}, sizeof(int));
	SHOW(sendmsg(one, &message, 0));
	SHOW(readable(other));
	char first[2], second[8];
	struct iovec in[2] = {{first, 2}, {second, 3}};
	union { char bytes[256]; struct cmsghdr first; } control;
	struct msghdr got = {.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = in, .msg_iovlen = 2,
	                     .msg_control = &control, .msg_controllen = sizeof(control)};
	SHOW(recvmsg(other, &got, 0));
	printf("%.2s %.3s, name %u, truncated %d\n", first, second, got.msg_namelen, (got.msg_flags & MSG_TRUNC) != 0);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&got); c != NULL; c = CMSG_NXTHDR(&got, c)) {
		printf("control %d %d %zu", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len);
		if (c->cmsg_type == IP_TTL)
			printf(": %d", *(int *)CMSG_DATA(c));
		printf("\n");
	}
	got.msg_controllen = 8; /* Too little. */
	SHOW(sendmsg(one, &message, 0));
	SHOW(readable(other));
	SHOW(recvmsg(other, &got, 0));
	printf("control cut off %d\n", (got.msg_flags & MSG_CTRUNC) != 0);
	message.msg_iovlen = 1025;
	SHOW(sendmsg(one, &message, 0));
	close(one);
	close(other);
}

static void many(void)
{
	enum { COUNT = 5 };
	union address one_address, other_address;
	int one = bound(AF_INET, SOCK_DGRAM, &one_address), other = bound(AF_INET, SOCK_DGRAM, &other_address);
	struct mmsghdr out[COUNT] = {0}, in[COUNT + 3] = {0};
	struct iovec parts[COUNT], room[COUNT + 3];
	char text[COUNT][8], got[COUNT + 3][8];
	for (int i = 0; i < COUNT + 3; i++) {
		room[i] = (struct iovec){got[i], sizeof(got[i])};
		in[i].msg_hdr = (struct msghdr){.msg_iov = &room[i], .msg_iovlen = 1};
	}
	for (int i = 0; i < COUNT; i++) {
		parts[i] = (struct iovec){text[i], (size_t)sprintf(text[i], "%.*s", i + 1, "abcdef")};
		out[i].msg_hdr = (struct msghdr){.msg_name = &other_address, .msg_namelen = size_of(AF_INET), .msg_iov = &parts[i], .msg_iovlen = 1};
	}
	SHOW(sendmmsg(one, out, COUNT, 0));
	SHOW(out[4].msg_len);
	int seen = 0;
	while (seen < COUNT) {
		int now = recvmmsg(other, in + seen, (unsigned)(COUNT + 3 - seen), MSG_WAITFORONE, NULL);
		must("recvmmsg", now > 0);
		seen += now;
	}
	for (int i = 0; i < COUNT; i++)
		printf("%u ", in[i].msg_len);
	printf("\n");
	SHOW(recvmmsg(other, in, 1, MSG_DONTWAIT, NULL));
	close(one);
	close(other);
}

static void refused(void)
{
	union address address;
	int gone = bound(AF_INET, SOCK_DGRAM, &address), fd = socket(AF_INET, SOCK_DGRAM, 0);
	close(gone);
	SHOW(connect(fd, &address.any, size_of(AF_INET)));
	SHOW(send(fd, "x", 1, 0));
	SHOW(readable(fd));
	char c;
	SHOW(recv(fd, &c, 1, 0));
	SHOW(sendto(fd, "x", 1, 0, &address.any, 3));
	close(fd);
}

int main(void)
{
	datagrams(AF_INET);
	datagrams(AF_INET6);
	messages();
	many();
	refused();
	return 0;
}
