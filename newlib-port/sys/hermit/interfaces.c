/* Network interfaces, by ioctl(2): musl asks netlink, of which an isle has none. IPv6 addresses are what Linux tells in
 * /proc/net/if_inet6. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hermit_libc.h"

/* Asks about the interface in `request`. Returns 0, or -1 and errno. */
static int ask(unsigned long question, struct ifreq *request)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	int result = ioctl(fd, question, request), error = errno;
	close(fd);
	errno = error;
	return result;
}

WEAK unsigned if_nametoindex(const char *name)
{
	struct ifreq request = {0};
	if (strlen(name) >= sizeof(request.ifr_name)) {
		errno = ENODEV;
		return 0;
	}
	strcpy(request.ifr_name, name);
	return ask(SIOCGIFINDEX, &request) < 0 ? 0 : (unsigned) request.ifr_ifindex;
}

WEAK char *if_indextoname(unsigned index, char *name)
{
	struct ifreq request = {.ifr_ifindex = (int) index};
	if (ask(SIOCGIFNAME, &request) < 0) {
		if (errno == ENODEV)
			errno = ENXIO;
		return NULL;
	}
	return strncpy(name, request.ifr_name, IF_NAMESIZE);
}

/* /proc/net/dev names every interface, /proc/net/if_inet6 every IPv6 address. */
#define LINE_BYTES 512

/* Calls `each` with the name of every interface, until it does not return 0. */
static int for_each_name(int (*each)(void *context, const char *name), void *context)
{
	char line[LINE_BYTES];
	FILE *file = fopen("/proc/net/dev", "re");
	if (file == NULL)
		return -1;
	int result = 0;
	while (result == 0 && fgets(line, sizeof(line), file) != NULL) {
		char *start = line + strspn(line, " "), *end = strchr(start, ':');
		if (end == NULL)
			continue;
		*end = '\0';
		result = each(context, start);
	}
	fclose(file);
	return result;
}

struct names {
	struct if_nameindex *list;
	size_t count;
};

static int add_name(void *context, const char *name)
{
	struct names *names = context;
	unsigned index = if_nametoindex(name);
	if (index == 0)
		return 0;
	struct if_nameindex *list = realloc(names->list, (names->count + 2) * sizeof(*list));
	if (list == NULL)
		return -1;
	names->list = list;
	list[names->count + 1] = (struct if_nameindex){0, NULL};
	list[names->count] = (struct if_nameindex){index, strdup(name)};
	return list[names->count++].if_name == NULL ? -1 : 0;
}

WEAK void if_freenameindex(struct if_nameindex *list)
{
	for (struct if_nameindex *one = list; one != NULL && one->if_name != NULL; ++one)
		free(one->if_name);
	free(list);
}

WEAK struct if_nameindex *if_nameindex(void)
{
	struct names names = {calloc(1, sizeof(struct if_nameindex)), 0};
	if (names.list == NULL || for_each_name(add_name, &names) < 0) {
		if_freenameindex(names.list);
		errno = ENOBUFS;
		return NULL;
	}
	return names.list;
}

/* One entry of getifaddrs(3), with room for all that it points to. */
struct entry {
	struct ifaddrs public;
	char name[IF_NAMESIZE];
	union {
		struct sockaddr any;
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
	} address, mask, other;
};

struct entries {
	struct ifaddrs *first, **next;
};

static struct entry *add_entry(struct entries *entries, const char *name, unsigned flags)
{
	struct entry *entry = calloc(1, sizeof(*entry));
	if (entry == NULL)
		return NULL;
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	entry->public.ifa_name = entry->name;
	entry->public.ifa_flags = flags;
	*entries->next = &entry->public;
	entries->next = &entry->public.ifa_next;
	return entry;
}

static int flags_of(const char *name, unsigned *flags)
{
	struct ifreq request = {0};
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ask(SIOCGIFFLAGS, &request) < 0)
		return -1;
	*flags = (unsigned short) request.ifr_flags;
	return 0;
}

static void ask_address(const struct ifreq *of, unsigned long question, struct sockaddr_in *to, struct sockaddr **told)
{
	struct ifreq request = *of;
	if (ask(question, &request) == 0) {
		memcpy(to, &request.ifr_addr, sizeof(*to));
		*told = (struct sockaddr *) to;
	}
}

static int add_ipv4(struct entries *entries, const struct ifreq *found)
{
	unsigned flags;
	if (flags_of(found->ifr_name, &flags) < 0)
		return 0;
	struct entry *entry = add_entry(entries, found->ifr_name, flags);
	if (entry == NULL)
		return -1;
	memcpy(&entry->address, &found->ifr_addr, sizeof(entry->address.ipv4));
	entry->public.ifa_addr = &entry->address.any;
	ask_address(found, SIOCGIFNETMASK, &entry->mask.ipv4, &entry->public.ifa_netmask);
	if (flags & IFF_POINTOPOINT)
		ask_address(found, SIOCGIFDSTADDR, &entry->other.ipv4, &entry->public.ifa_dstaddr);
	else if (flags & IFF_BROADCAST)
		ask_address(found, SIOCGIFBRDADDR, &entry->other.ipv4, &entry->public.ifa_broadaddr);
	return 0;
}

/* Most addresses of IPv4 that are told of. */
#define MOST_ADDRESSES 512

static int add_all_ipv4(struct entries *entries)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq *found = calloc(MOST_ADDRESSES, sizeof(*found));
	struct ifconf request = {.ifc_len = MOST_ADDRESSES * sizeof(*found), .ifc_req = found};
	int result = fd < 0 || found == NULL ? -1 : ioctl(fd, SIOCGIFCONF, &request), error = errno;
	if (fd >= 0)
		close(fd);
	for (int i = 0; result == 0 && i < request.ifc_len / (int) sizeof(*found); ++i)
		result = add_ipv4(entries, &found[i]);
	free(found);
	errno = error;
	return result;
}

static int add_ipv6(struct entries *entries, const char *digits, unsigned index, unsigned prefix, const char *name)
{
	unsigned flags;
	if (flags_of(name, &flags) < 0)
		return 0;
	struct entry *entry = add_entry(entries, name, flags);
	if (entry == NULL)
		return -1;
	struct sockaddr_in6 *address = &entry->address.ipv6, *mask = &entry->mask.ipv6;
	address->sin6_family = mask->sin6_family = AF_INET6;
	for (unsigned i = 0; i < 16; ++i) {
		unsigned byte = 0, bits = prefix > 8 * i ? prefix - 8 * i : 0;
		sscanf(digits + 2 * i, "%2x", &byte);
		address->sin6_addr.s6_addr[i] = (unsigned char) byte;
		mask->sin6_addr.s6_addr[i] = bits >= 8 ? 0xff : (unsigned char) (0xff00 >> bits);
	}
	if (IN6_IS_ADDR_LINKLOCAL(&address->sin6_addr))
		address->sin6_scope_id = index;
	entry->public.ifa_addr = &entry->address.any;
	entry->public.ifa_netmask = &entry->mask.any;
	return 0;
}

static int add_all_ipv6(struct entries *entries)
{
	char line[LINE_BYTES], digits[33], name[IF_NAMESIZE];
	unsigned index, prefix, scope, flags;
	FILE *file = fopen("/proc/net/if_inet6", "re");
	if (file == NULL) /* A host without IPv6. */
		return 0;
	int result = 0;
	while (result == 0 && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "%32s %x %x %x %x %15s", digits, &index, &prefix, &scope, &flags, name) == 6)
			result = add_ipv6(entries, digits, index, prefix, name);
	fclose(file);
	return result;
}

WEAK void freeifaddrs(struct ifaddrs *list)
{
	while (list != NULL) {
		struct ifaddrs *next = list->ifa_next;
		free(list); /* Its entry, of which it is the beginning. */
		list = next;
	}
}

WEAK int getifaddrs(struct ifaddrs **list)
{
	struct entries entries = {NULL, &entries.first};
	if (add_all_ipv4(&entries) < 0 || add_all_ipv6(&entries) < 0) {
		int error = errno;
		freeifaddrs(entries.first);
		errno = error;
		return -1;
	}
	*list = entries.first;
	return 0;
}
