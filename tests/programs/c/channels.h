/* eventfd and socketpair, which isles have before they have the headers. */
#include <errno.h>

#if __has_include(<sys/eventfd.h>)
#include <sys/eventfd.h>
#else
#include <hermit/syscall.h>

enum { EFD_NONBLOCK = 04000 };

static inline int eventfd(unsigned value, int flags)
{
	int fd = sys_eventfd(value, (int16_t)flags);
	errno = -fd;
	return fd < 0 ? -1 : fd;
}
#endif

#if __has_include(<sys/socket.h>)
#include <sys/socket.h>
#else
#include <hermit/syscall.h>

enum { AF_UNIX = 1, SOCK_STREAM = 1 };

static inline int socketpair(int domain, int type, int protocol, int fds[2])
{
	int result = sys_socketpair(domain, type, protocol, fds);
	errno = -result;
	return result < 0 ? -1 : result;
}
#endif
