//# cpus: 1 2
//# cflags: -pthread -Wl,--wrap=fopen -Wl,--wrap=sendto -Wl,--wrap=recvfrom
//# compare: none
//# stdout: @golden
/* The resolver against a server for names that runs in another thread. A program can change neither /etc/resolv.conf nor listen on port 53;
 * so what the resolver opens and sends is led to a file of this folder and to the server's port. */
#define _GNU_SOURCE
#include "net.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

FILE *__real_fopen(const char *name, const char *mode);
ssize_t __real_sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t bytes);
ssize_t __real_recvfrom(int fd, void *data, size_t len, int flags, struct sockaddr *from, socklen_t *bytes);

static union address server;
static int server_fd;

FILE *__wrap_fopen(const char *name, const char *mode)
{
	if (strcmp(name, "/etc/resolv.conf") == 0)
		return __real_fopen("resolv.conf", mode);
	if (strcmp(name, "/etc/hosts") == 0)
		return __real_fopen("hosts", mode);
	return __real_fopen(name, mode);
}

ssize_t __wrap_sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t bytes)
{
	const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)to;
	if (to != NULL && to->sa_family == AF_INET && ipv4->sin_port == htons(53))
		to = &server.any;
	return __real_sendto(fd, data, len, flags, to, bytes);
}

ssize_t __wrap_recvfrom(int fd, void *data, size_t len, int flags, struct sockaddr *from, socklen_t *bytes)
{
	ssize_t got = __real_recvfrom(fd, data, len, flags, from, bytes);
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)from;
	if (got >= 0 && from != NULL && ipv4->sin_port == server.ipv4.sin_port)
		ipv4->sin_port = htons(53);
	return got;
}

/* An answer in the making: the question, then records. */
struct answer {
	unsigned char bytes[512];
	size_t used;
};

static void add(struct answer *answer, const void *bytes, size_t count)
{
	memcpy(answer->bytes + answer->used, bytes, count);
	answer->used += count;
}

/* A record of the name that was asked for; a name as data is compressed by nobody. */
static void record(struct answer *answer, int type, const void *data, size_t count)
{
	unsigned char head[] = {0xc0, 12, 0, (unsigned char)type, 0, 1, 0, 0, 0, 60, 0, (unsigned char)count};
	add(answer, head, sizeof(head));
	add(answer, data, count);
	answer->bytes[7]++;
}

/* Records for `name`, or the code of an error. */
static int fill(struct answer *answer, const char *name, int type)
{
	static const unsigned char ipv4[] = {192, 0, 2, 1}, second[] = {192, 0, 2, 2}, ipv6[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
	static const char one[] = "\3one\4test", text[] = "\5hello";
	if (strcmp(name, "one.test") == 0 || strcmp(name, "forged.test") == 0) {
		if (type == T_A)
			record(answer, T_A, ipv4, sizeof(ipv4));
		if (type == T_AAAA)
			record(answer, T_AAAA, ipv6, sizeof(ipv6));
		if (type == T_TXT)
			record(answer, T_TXT, text, sizeof(text) - 1);
		return 0;
	}
	if (strcmp(name, "alias.test") == 0) {
		record(answer, T_CNAME, one, sizeof(one));
		if (type == T_A)
			record(answer, T_A, second, sizeof(second));
		return 0;
	}
	if (strcmp(name, "1.2.0.192.in-addr.arpa") == 0) {
		record(answer, T_PTR, one, sizeof(one));
		return 0;
	}
	return strcmp(name, "empty.test") == 0 ? 0 : strcmp(name, "broken.test") == 0 ? SERVFAIL : NXDOMAIN;
}

static void *serve(void *unused)
{
	(void)unused;
	for (;;) {
		unsigned char question[512];
		char name[NS_MAXDNAME];
		union address from;
		socklen_t bytes = sizeof(from);
		ssize_t got = __real_recvfrom(server_fd, question, sizeof(question), 0, &from.any, &bytes);
		if (got < 12)
			return NULL;
		int length = dn_expand(question, question + got, question + 12, name, sizeof(name));
		if (length < 0)
			return NULL;
		struct answer answer = {.used = 0};
		add(&answer, question, 12 + (size_t)length + 4);
		answer.bytes[2] |= 0x80;
		memset(answer.bytes + 6, 0, 6);
		int code = fill(&answer, name, question[12 + length + 1]);
		answer.bytes[3] = (unsigned char)(0x80 | code);
		if (strcmp(name, "forged.test") == 0) {
			struct answer forged = answer;
			forged.bytes[0] ^= 0xff;
			forged.bytes[forged.used - 1] ^= 0xff;
			__real_sendto(server_fd, forged.bytes, forged.used, 0, &from.any, bytes);
			__real_sendto(server_fd, forged.bytes, 3, 0, &from.any, bytes);
		}
		__real_sendto(server_fd, answer.bytes, answer.used, 0, &from.any, bytes);
	}
}

static void look_up(const char *name, int family, int flags)
{
	struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = flags}, *list = NULL;
	int error = getaddrinfo(name, "80", &hints, &list);
	printf("%s family %d: %s\n", name, family, error ? gai_strerror(error) : "found");
	for (struct addrinfo *one = list; one != NULL; one = one->ai_next) {
		char host[NI_MAXHOST];
		getnameinfo(one->ai_addr, one->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST);
		printf("  %s %s\n", host, one->ai_canonname ? one->ai_canonname : "-");
	}
	if (list != NULL)
		freeaddrinfo(list);
}

static void raw(const char *name, int type)
{
	unsigned char answer[512];
	ns_msg message;
	ns_rr rr;
	int length = res_query(name, C_IN, type, answer, sizeof(answer));
	printf("%s type %d: %s", name, type, length < 0 ? hstrerror(h_errno) : "answered");
	if (length > 0 && ns_initparse(answer, length, &message) == 0 && ns_parserr(&message, ns_s_an, 0, &rr) == 0)
		printf(" %s %d %d \"%.*s\"", ns_rr_name(rr), ns_rr_type(rr), ns_rr_rdlen(rr), ns_rr_rdata(rr)[0], ns_rr_rdata(rr) + 1);
	printf("\n");
}

static void write_file(const char *name, const char *text)
{
	FILE *file = __real_fopen(name, "w");
	must(name, file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

int main(void)
{
	pthread_t thread;
	write_file("resolv.conf", "nameserver 127.0.0.1\nsearch test\noptions timeout:2 attempts:2\n");
	write_file("hosts", "192.0.2.9 private private.test # mine\n2001:db8::9 private\n");
	server_fd = bound(AF_INET, SOCK_DGRAM, &server);
	must("thread", pthread_create(&thread, NULL, serve, NULL) == 0);
	look_up("one.test", AF_INET, 0);
	look_up("one.test", AF_INET6, 0);
	look_up("one", AF_INET, AI_CANONNAME);
	look_up("alias.test", AF_INET, AI_CANONNAME);
	look_up("forged.test", AF_INET, 0);
	look_up("none.test", AF_INET, 0);
	look_up("empty.test", AF_INET, 0);
	look_up("broken.test", AF_INET, 0);
	look_up("private", AF_INET, AI_CANONNAME);
	look_up("private", AF_INET6, 0);
	raw("one.test", T_TXT);
	raw("none.test", T_A);
	raw("empty.test", T_A);
	struct hostent *host = gethostbyname("one.test");
	printf("%s\n", host ? inet_ntoa(*(struct in_addr *)host->h_addr_list[0]) : hstrerror(h_errno));
	host = gethostbyname("none.test");
	printf("%s\n", host ? host->h_name : hstrerror(h_errno));
	host = gethostbyname("empty.test");
	printf("%s\n", host ? host->h_name : hstrerror(h_errno));
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {inet_addr("192.0.2.1")}};
	char name[NI_MAXHOST] = "";
	SHOW(getnameinfo((struct sockaddr *)&address, sizeof(address), name, sizeof(name), NULL, 0, NI_NAMEREQD));
	printf("%s\n", name);
	address.sin_addr.s_addr = inet_addr("192.0.2.77");
	SHOW(getnameinfo((struct sockaddr *)&address, sizeof(address), name, sizeof(name), NULL, 0, NI_NAMEREQD));
	return 0;
}
