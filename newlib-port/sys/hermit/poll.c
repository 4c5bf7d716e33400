/* poll(2) and, on top of it, select(2). */
#include <poll.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>

#include "cancel.h"
#include "hermit_libc.h"

WEAK int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	return (int) to_c(CANCELLABLE(sys_poll, fds, count, timeout_ms));
}

/* sys_ppoll as a cancellation point. */
static int wait_for(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	sigset_t changed;
	if (mask != NULL) {
		int result = __hermit_take_without_cancel(&changed, mask);
		if (result < 0)
			return result;
	}
	return CANCELLABLE(sys_ppoll, fds, count, timeout, mask != NULL ? &changed : NULL);
}

WEAK int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	return (int) to_c(wait_for(fds, count, timeout, mask));
}

/* Fills `polls` from the three sets. Returns how many there are. */
static size_t sets_to_polls(int count, const fd_set *read, const fd_set *write, const fd_set *except,
                            struct pollfd *polls)
{
	size_t used = 0;
	for (int fd = 0; fd < count; ++fd) {
		short events = 0;
		if (read != NULL && FD_ISSET(fd, read))
			events |= POLLIN;
		if (write != NULL && FD_ISSET(fd, write))
			events |= POLLOUT;
		if (except != NULL && FD_ISSET(fd, except))
			events |= POLLPRI;
		if (events != 0)
			polls[used++] = (struct pollfd){.fd = fd, .events = events};
	}
	return used;
}

/* Puts the descriptors that are ready back into the sets. Returns the number of bits set. */
static int polls_to_sets(const struct pollfd *polls, size_t used, fd_set *read, fd_set *write, fd_set *except)
{
	int ready = 0;
	if (read != NULL)
		FD_ZERO(read);
	if (write != NULL)
		FD_ZERO(write);
	if (except != NULL)
		FD_ZERO(except);
	for (size_t i = 0; i < used; ++i) {
		const struct pollfd *p = &polls[i];
		if (p->events & POLLIN && p->revents & (POLLIN | POLLHUP | POLLERR)) {
			FD_SET(p->fd, read);
			++ready;
		}
		if (p->events & POLLOUT && p->revents & (POLLOUT | POLLERR)) {
			FD_SET(p->fd, write);
			++ready;
		}
		if (p->events & POLLPRI && p->revents & POLLPRI) {
			FD_SET(p->fd, except);
			++ready;
		}
	}
	return ready;
}

/* Waits for what is in `sets` (any may be NULL), and leaves there what is ready. */
static int select_in(int count, fd_set *const sets[3], const struct timespec *timeout, const sigset_t *mask)
{
	struct pollfd polls[FD_SETSIZE];
	size_t used = sets_to_polls(count, sets[0], sets[1], sets[2], polls);
	int result = wait_for(polls, used, timeout, mask);
	if (result < 0)
		return result;
	for (size_t i = 0; i < used; ++i)
		if (polls[i].revents & POLLNVAL)
			return -EBADF;
	return polls_to_sets(polls, used, sets[0], sets[1], sets[2]);
}

/* As Linux's kernel does, on copies of the sets, as far as `count` says that they go. */
static int select_until(int count, fd_set *const theirs[3], const struct timespec *timeout, const sigset_t *mask)
{
	fd_set copies[3], *sets[3] = {NULL, NULL, NULL};
	if (count < 0 || count > FD_SETSIZE)
		return -EINVAL;
	size_t bytes = ((size_t) count + 63) / 64 * 8;
	for (int i = 0; i < 3; ++i) {
		if (theirs[i] == NULL)
			continue;
		sets[i] = &copies[i];
		FD_ZERO(sets[i]);
		if (bytes > 0 && sys_copy(sets[i], theirs[i], bytes) < 0)
			return -EFAULT;
	}
	int ready = select_in(count, sets, timeout, mask);
	for (int i = 0; ready >= 0 && i < 3; ++i)
		if (bytes > 0 && theirs[i] != NULL && sys_copy(theirs[i], sets[i], bytes) < 0)
			return -EFAULT;
	return ready;
}

WEAK int select(int count, fd_set *restrict read, fd_set *restrict write, fd_set *restrict except,
                struct timeval *restrict timeout)
{
	struct timespec precise;
	if (timeout != NULL) {
		if (timeout->tv_sec < 0 || timeout->tv_usec < 0) {
			errno = EINVAL;
			return -1;
		}
		precise = (struct timespec){timeout->tv_sec + timeout->tv_usec / 1000000, timeout->tv_usec % 1000000 * 1000};
	}
	fd_set *sets[] = {read, write, except};
	return (int) to_c(select_until(count, sets, timeout != NULL ? &precise : NULL, NULL));
}

WEAK int pselect(int count, fd_set *restrict read, fd_set *restrict write, fd_set *restrict except,
                 const struct timespec *restrict timeout, const sigset_t *restrict mask)
{
	fd_set *sets[] = {read, write, except};
	return (int) to_c(select_until(count, sets, timeout, mask));
}
