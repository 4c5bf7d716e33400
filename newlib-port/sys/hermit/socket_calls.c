/* Calls on sockets, but for socket(2), and what is made of them. */
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "cancel.h"
#include "hermit_libc.h"

WEAK int socketpair(int domain, int type, int protocol, int fds[2])
{
	return (int) to_c(sys_socketpair(domain, type, protocol, fds));
}

WEAK int bind(int fd, const struct sockaddr *address, socklen_t bytes)
{
	return (int) to_c(sys_bind(fd, address, bytes));
}

WEAK int listen(int fd, int backlog)
{
	return (int) to_c(sys_listen(fd, backlog));
}

WEAK int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict bytes, int flags)
{
	return (int) to_c(CANCELLABLE(sys_accept4, fd, address, bytes, flags));
}

WEAK int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict bytes)
{
	return (int) to_c(CANCELLABLE(sys_accept4, fd, address, bytes, 0));
}

WEAK int connect(int fd, const struct sockaddr *address, socklen_t bytes)
{
	return (int) to_c(CANCELLABLE(sys_connect, fd, address, bytes));
}

WEAK int getsockname(int fd, struct sockaddr *restrict address, socklen_t *restrict bytes)
{
	return (int) to_c(sys_getsockname(fd, address, bytes));
}

WEAK int getpeername(int fd, struct sockaddr *restrict address, socklen_t *restrict bytes)
{
	return (int) to_c(sys_getpeername(fd, address, bytes));
}

WEAK int getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict bytes)
{
	return (int) to_c(sys_getsockopt(fd, level, name, value, bytes));
}

WEAK int setsockopt(int fd, int level, int name, const void *value, socklen_t bytes)
{
	return (int) to_c(sys_setsockopt(fd, level, name, value, bytes));
}

WEAK int shutdown(int fd, int how)
{
	return (int) to_c(sys_shutdown(fd, how));
}

/* What was sent, and SIGPIPE if the other side is gone, unless the flags say not to. */
static ssize_t sent(long result, int flags)
{
	return to_c(flags & MSG_NOSIGNAL ? result : __hermit_written(result));
}

WEAK ssize_t sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *address, socklen_t bytes)
{
	return sent(CANCELLABLE(sys_sendto, fd, data, len, flags, address, bytes), flags);
}

WEAK ssize_t send(int fd, const void *data, size_t len, int flags)
{
	return sent(CANCELLABLE(sys_sendto, fd, data, len, flags, NULL, 0), flags);
}

WEAK ssize_t recvfrom(int fd, void *restrict data, size_t len, int flags, struct sockaddr *restrict address,
                      socklen_t *restrict bytes)
{
	return to_c(CANCELLABLE(sys_recvfrom, fd, data, len, flags, address, bytes));
}

WEAK ssize_t recv(int fd, void *data, size_t len, int flags)
{
	return to_c(CANCELLABLE(sys_recvfrom, fd, data, len, flags, NULL, NULL));
}

WEAK ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	return sent(CANCELLABLE(sys_sendmsg, fd, message, flags), flags);
}

WEAK ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	return to_c(CANCELLABLE(sys_recvmsg, fd, message, flags));
}

WEAK int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, unsigned flags)
{
	return (int) sent(CANCELLABLE(sys_sendmmsg, fd, messages, count, (int) flags), (int) flags);
}

WEAK int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, unsigned flags, struct timespec *timeout)
{
	return (int) to_c(CANCELLABLE(sys_recvmmsg, fd, messages, count, (int) flags, timeout));
}

WEAK int sockatmark(int fd)
{
	int is_there = 0;
	return ioctl(fd, SIOCATMARK, &is_there) < 0 ? -1 : is_there;
}

/* glibc's CMSG_NXTHDR is a function. */
WEAK struct cmsghdr *__cmsg_nxthdr(struct msghdr *message, struct cmsghdr *control)
{
	return CMSG_NXTHDR(message, control);
}
