//# isles: process qemu
/* Names and addresses (the test bed of uhyve has no /etc/hosts and no /etc/services): numeric ones, /etc/hosts, services, protocols; texts of addresses; errors. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "show.h"

static void look_up(const char *node, const char *service, int family, int type, int flags)
{
	struct addrinfo hints = {.ai_family = family, .ai_socktype = type, .ai_flags = flags}, *list = NULL;
	int error = getaddrinfo(node, service, &hints, &list);
	printf("%s:%s family %d type %d flags %#x: %s\n", node ? node : "-", service ? service : "-", family, type, flags,
	       error ? gai_strerror(error) : "found");
	for (struct addrinfo *one = list; one != NULL; one = one->ai_next) {
		char host[NI_MAXHOST], port[NI_MAXSERV];
		error = getnameinfo(one->ai_addr, one->ai_addrlen, host, sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
		printf("  %d %d %d %u %s %s %s\n", one->ai_family, one->ai_socktype, one->ai_protocol, one->ai_addrlen, error ? "?" : host, port,
		       one->ai_canonname ? one->ai_canonname : "-");
	}
	if (list != NULL)
		freeaddrinfo(list);
}

static void texts(void)
{
	static const char *const addresses[] = {"127.0.0.1", "1.2.3", "0x7f.1", "256.1.1.1", "1.2.3.4.5", "", "010.0.0.1", "4294967295", "1.2.3.4 x"};
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct in_addr address = {0};
		int result = inet_aton(addresses[i], &address);
		printf("aton \"%s\": %d %s\n", addresses[i], result, result ? inet_ntoa(address) : "-");
		printf("pton \"%s\": %d\n", addresses[i], inet_pton(AF_INET, addresses[i], &address));
	}
	static const char *const ipv6[] = {"::", "::1", "1::2", "2001:DB8:0:0:1:0:0:1", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "::1.2.3.4", ":::", "1:2:3:4:5:6:7", "12345::", "1::2::3", "fe80::1%lo"};
	for (size_t i = 0; i < sizeof(ipv6) / sizeof(ipv6[0]); i++) {
		struct in6_addr address;
		char text[INET6_ADDRSTRLEN] = "-";
		int result = inet_pton(AF_INET6, ipv6[i], &address);
		if (result == 1)
			inet_ntop(AF_INET6, &address, text, sizeof(text));
		printf("pton \"%s\": %d %s\n", ipv6[i], result, text);
	}
	char small[4];
	struct in_addr loopback = {htonl(INADDR_LOOPBACK)};
	SHOW(inet_ntop(AF_INET, &loopback, small, sizeof(small)) != NULL);
	SHOW(inet_ntop(99, &loopback, small, sizeof(small)) != NULL);
	SHOW(inet_pton(99, "127.0.0.1", &loopback));
	printf("%x %x %x\n", htonl(0x01020304), ntohs(0x0102), inet_addr("1.2.3.4"));
	printf("%x %x\n", inet_netof(loopback), inet_lnaof(loopback));
	printf("%d %d\n", IN6_IS_ADDR_LOOPBACK(&in6addr_loopback), IN6_IS_ADDR_UNSPECIFIED(&in6addr_any));
}

int main(void)
{
	look_up("127.0.0.1", "80", AF_UNSPEC, SOCK_STREAM, 0);
	look_up("127.0.0.1", "http", AF_UNSPEC, SOCK_STREAM, 0);
	look_up("::1", "domain", AF_UNSPEC, SOCK_DGRAM, 0);
	look_up("::1", NULL, AF_INET, SOCK_STREAM, 0);
	look_up(NULL, "1234", AF_INET, SOCK_STREAM, AI_PASSIVE);
	look_up(NULL, "1234", AF_INET6, SOCK_STREAM, AI_PASSIVE);
	look_up(NULL, "1234", AF_INET, SOCK_STREAM, 0);
	look_up(NULL, NULL, AF_INET, SOCK_STREAM, 0);
	look_up("localhost", "80", AF_INET, SOCK_STREAM, 0);
	look_up("localhost", "80", AF_INET, SOCK_STREAM, AI_CANONNAME);
	look_up("localhost", "80", AF_INET, SOCK_STREAM, AI_NUMERICHOST);
	look_up("127.0.0.1", "http", AF_INET, SOCK_STREAM, AI_NUMERICSERV);
	look_up("127.0.0.1", "no-such-service", AF_INET, SOCK_STREAM, 0);
	look_up("127.0.0.1", "80", 77, SOCK_STREAM, 0);
	for (int error = -12; error <= 1; error++)
		printf("%d %s\n", error, gai_strerror(error));
	for (int error = -2; error <= 5; error++)
		printf("%d %s\n", error, hstrerror(error));
	struct servent *service = getservbyname("ftp", "tcp");
	printf("%s %d %s\n", service ? service->s_name : "-", service ? ntohs(service->s_port) : 0, service ? service->s_proto : "-");
	service = getservbyport(htons(53), "udp");
	printf("%s\n", service ? service->s_name : "-");
	struct protoent *protocol = getprotobyname("tcp");
	printf("%d\n", protocol ? protocol->p_proto : -1);
	protocol = getprotobynumber(17);
	printf("%s\n", protocol ? protocol->p_name : "-");
	struct hostent *host = gethostbyname("127.0.0.1");
	printf("%s %d %d\n", host ? host->h_name : "-", host ? host->h_addrtype : 0, host ? host->h_length : 0);
	host = gethostbyname("localhost");
	printf("%s\n", host ? inet_ntoa(*(struct in_addr *)host->h_addr_list[0]) : "-");
	struct in_addr loopback = {htonl(INADDR_LOOPBACK)};
	host = gethostbyaddr(&loopback, sizeof(loopback), AF_INET);
	printf("%s\n", host ? host->h_name : "-");
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(22), .sin_addr = loopback};
	char name[NI_MAXHOST], port[NI_MAXSERV];
	SHOW(getnameinfo((struct sockaddr *)&address, sizeof(address), name, sizeof(name), port, sizeof(port), 0));
	printf("%s %s\n", name, port);
	SHOW(getnameinfo((struct sockaddr *)&address, 3, name, sizeof(name), port, sizeof(port), 0));
	printf("%d\n", getnameinfo((struct sockaddr *)&address, sizeof(address), name, 2, NULL, 0, NI_NUMERICHOST));
	texts();
	return 0;
}
