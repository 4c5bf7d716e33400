/* epoll, timerfd, eventfd and signalfd: descriptors that tell of others, of time, of events and of signals. */
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cancel.h"
#include "hermit_libc.h"

WEAK int epoll_create1(int flags)
{
	return (int) to_c(sys_epoll_create1(flags));
}

WEAK int epoll_create(int size)
{
	return (int) to_c(size <= 0 ? -EINVAL : sys_epoll_create1(0));
}

WEAK int epoll_ctl(int epfd, int operation, int fd, struct epoll_event *event)
{
	return (int) to_c(sys_epoll_ctl(epfd, operation, fd, event));
}

static int wait_for(int epfd, struct epoll_event *events, int count, const struct timespec *timeout, const sigset_t *mask)
{
	sigset_t changed;
	if (mask != NULL) {
		int result = __hermit_take_without_cancel(&changed, mask);
		if (result < 0)
			return result;
	}
	return CANCELLABLE(sys_epoll_wait, epfd, events, count, timeout, mask != NULL ? &changed : NULL);
}

WEAK int epoll_pwait2(int epfd, struct epoll_event *events, int count, const struct timespec *timeout, const sigset_t *mask)
{
	return (int) to_c(wait_for(epfd, events, count, timeout, mask));
}

static int wait_ms(int epfd, struct epoll_event *events, int count, int timeout_ms, const sigset_t *mask)
{
	struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
	return (int) to_c(wait_for(epfd, events, count, timeout_ms < 0 ? NULL : &timeout, mask));
}

WEAK int epoll_pwait(int epfd, struct epoll_event *events, int count, int timeout_ms, const sigset_t *mask)
{
	return wait_ms(epfd, events, count, timeout_ms, mask);
}

WEAK int epoll_wait(int epfd, struct epoll_event *events, int count, int timeout_ms)
{
	return wait_ms(epfd, events, count, timeout_ms, NULL);
}

WEAK int timerfd_create(int clock, int flags)
{
	return (int) to_c(sys_timerfd_create(clock, flags));
}

WEAK int timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *before)
{
	return (int) to_c(sys_timerfd_settime(fd, flags, value, before));
}

WEAK int timerfd_gettime(int fd, struct itimerspec *value)
{
	return (int) to_c(sys_timerfd_gettime(fd, value));
}

WEAK int signalfd(int fd, const sigset_t *mask, int flags)
{
	return (int) to_c(sys_signalfd(fd, mask, flags));
}

WEAK int eventfd(unsigned count, int flags)
{
	if (flags & ~(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC)) {
		errno = EINVAL;
		return -1;
	}
	/* The kernel's flags are an int16_t, where EFD_CLOEXEC has no place. */
	int fd = (int) to_c(sys_eventfd(count, (int16_t) (flags & ~EFD_CLOEXEC)));
	if (fd >= 0 && flags & EFD_CLOEXEC)
		sys_fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

WEAK int eventfd_read(int fd, eventfd_t *value)
{
	return read(fd, value, sizeof(*value)) == sizeof(*value) ? 0 : -1;
}

WEAK int eventfd_write(int fd, eventfd_t value)
{
	return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -1;
}
