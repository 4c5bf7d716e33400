/* Network interfaces: what lo has, and that all lists agree. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "show.h"

int main(void)
{
	char name[IF_NAMESIZE] = "";
	SHOW(if_nametoindex("lo"));
	SHOW(if_nametoindex("no-such"));
	SHOW(if_indextoname(1, name) != NULL);
	printf("%s\n", name);
	SHOW(if_indextoname(99999, name) != NULL);
	struct if_nameindex *list = if_nameindex();
	for (struct if_nameindex *one = list; one && one->if_index; one++)
		if (strcmp(one->if_name, "lo") == 0)
			printf("%u %s\n", one->if_index, one->if_name);
	if_freenameindex(list);
	struct ifaddrs *addresses;
	SHOW(getifaddrs(&addresses));
	for (struct ifaddrs *one = addresses; one; one = one->ifa_next) {
		char text[INET6_ADDRSTRLEN] = "", mask[INET6_ADDRSTRLEN] = "";
		if (one->ifa_addr == NULL || one->ifa_addr->sa_family != AF_INET || strcmp(one->ifa_name, "lo") != 0)
			continue;
		inet_ntop(AF_INET, &((struct sockaddr_in *)one->ifa_addr)->sin_addr, text, sizeof(text));
		inet_ntop(AF_INET, &((struct sockaddr_in *)one->ifa_netmask)->sin_addr, mask, sizeof(mask));
		printf("%s %s %s %d\n", one->ifa_name, text, mask, (one->ifa_flags & (IFF_UP | IFF_LOOPBACK)) == (IFF_UP | IFF_LOOPBACK));
	}
	for (struct ifaddrs *one = addresses; one; one = one->ifa_next)
		if (one->ifa_addr && one->ifa_addr->sa_family == AF_INET6 && strcmp(one->ifa_name, "lo") == 0) {
			char text[INET6_ADDRSTRLEN], mask[INET6_ADDRSTRLEN];
			inet_ntop(AF_INET6, &((struct sockaddr_in6 *)one->ifa_addr)->sin6_addr, text, sizeof(text));
			inet_ntop(AF_INET6, &((struct sockaddr_in6 *)one->ifa_netmask)->sin6_addr, mask, sizeof(mask));
			printf("%s %s\n", text, mask);
		}
	freeifaddrs(addresses);
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	strcpy(request.ifr_name, "lo");
	SHOW(ioctl(fd, SIOCGIFMTU, &request));
	printf("%d\n", request.ifr_mtu);
	SHOW(ioctl(fd, SIOCGIFHWADDR, &request));
	printf("%d\n", request.ifr_hwaddr.sa_family);
	strcpy(request.ifr_name, "no-such");
	SHOW(ioctl(fd, SIOCGIFFLAGS, &request));
	struct ifconf size = {0};
	SHOW(ioctl(fd, SIOCGIFCONF, &size));
	printf("%d\n", size.ifc_len > 0 && size.ifc_len % sizeof(struct ifreq) == 0);
	return 0;
}
