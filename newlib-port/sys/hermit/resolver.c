/* What the resolver (musl's) shares with programs: errors, in glibc's words, and h_errno; and networks of the time before CIDR,
 * whose functions take host order, which musl's forget. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stddef.h>
#include <stdio.h>

#include "hermit_libc.h"

static _Thread_local int error_of_thread;

WEAK int *__h_errno_location(void)
{
	return &error_of_thread;
}

WEAK const char *gai_strerror(int error)
{
	static const char *const texts[] = {
	    "Unknown error",
	    "Bad value for ai_flags",                      /* EAI_BADFLAGS */
	    "Name or service not known",                   /* EAI_NONAME */
	    "Temporary failure in name resolution",        /* EAI_AGAIN */
	    "Non-recoverable failure in name resolution",  /* EAI_FAIL */
	    "No address associated with hostname",         /* EAI_NODATA */
	    "ai_family not supported",                     /* EAI_FAMILY */
	    "ai_socktype not supported",                   /* EAI_SOCKTYPE */
	    "Servname not supported for ai_socktype",      /* EAI_SERVICE */
	    "Address family for hostname not supported",   /* EAI_ADDRFAMILY */
	    "Memory allocation failure",                   /* EAI_MEMORY */
	    "System error",                                /* EAI_SYSTEM */
	};
	size_t index = 0U - (unsigned) error;
	return index < sizeof(texts) / sizeof(texts[0]) ? texts[index] : "Unknown error";
}

WEAK const char *hstrerror(int error)
{
	static const char *const texts[] = {
	    "Resolver Error 0 (no error)", "Unknown host", "Host name lookup failure", "Unknown server error",
	    "No address associated with name",
	};
	if (error < 0)
		return "Resolver internal error";
	return (size_t) error < sizeof(texts) / sizeof(texts[0]) ? texts[error] : "Unknown resolver error";
}

WEAK void herror(const char *prefix)
{
	const char *text = hstrerror(h_errno);
	if (prefix != NULL && *prefix != '\0')
		fprintf(stderr, "%s: %s\n", prefix, text);
	else
		fprintf(stderr, "%s\n", text);
}

WEAK in_addr_t inet_network(const char *text)
{
	return ntohl(inet_addr(text));
}

/* Bits of the part for hosts, of an address in host order: classes A, B and C. */
static unsigned host_bits(in_addr_t address)
{
	return IN_CLASSA(address) ? 24 : IN_CLASSB(address) ? 16 : 8;
}

WEAK struct in_addr inet_makeaddr(in_addr_t network, in_addr_t host)
{
	unsigned bits = network < 128 ? 24 : network < 65536 ? 16 : network < 1 << 24 ? 8 : 0;
	return (struct in_addr){htonl(network << bits | (host & ((1U << bits) - 1)))};
}

WEAK in_addr_t inet_lnaof(struct in_addr address)
{
	in_addr_t value = ntohl(address.s_addr);
	return value & ((1U << host_bits(value)) - 1);
}

WEAK in_addr_t inet_netof(struct in_addr address)
{
	in_addr_t value = ntohl(address.s_addr);
	return value >> host_bits(value);
}
