/* read(2), write(2) and their kin: what moves data. */
#include <signal.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cancel.h"
#include "hermit_libc.h"

long __hermit_written(long result)
{
	if (result == -EPIPE)
		__hermit_raise(SIGPIPE);
	return result;
}

WEAK ssize_t read(int fd, void *buffer, size_t len)
{
	return to_c(CANCELLABLE(sys_read, fd, buffer, len));
}

WEAK ssize_t write(int fd, const void *buffer, size_t len)
{
	return to_c(__hermit_written(CANCELLABLE(sys_write, fd, buffer, len)));
}

WEAK ssize_t pread(int fd, void *buffer, size_t len, off_t offset)
{
	return to_c(CANCELLABLE(sys_pread, fd, buffer, len, offset));
}

WEAK ssize_t pwrite(int fd, const void *buffer, size_t len, off_t offset)
{
	return to_c(CANCELLABLE(sys_pwrite, fd, buffer, len, offset));
}

WEAK ssize_t readv(int fd, const struct iovec *iov, int count)
{
	return to_c(count < 0 ? -EINVAL : CANCELLABLE(sys_readv, fd, iov, (size_t) count));
}

WEAK ssize_t writev(int fd, const struct iovec *iov, int count)
{
	return to_c(count < 0 ? -EINVAL : __hermit_written(CANCELLABLE(sys_writev, fd, iov, (size_t) count)));
}

/* One element after the other: the position of the descriptor must not move. */
WEAK ssize_t preadv(int fd, const struct iovec *iov, int count, off_t offset)
{
	ssize_t total = 0;
	for (int i = 0; i < count; ++i) {
		long got = sys_pread(fd, iov[i].iov_base, iov[i].iov_len, offset + total);
		if (got < 0)
			return total > 0 ? total : to_c(got);
		total += got;
		if ((size_t) got < iov[i].iov_len)
			break;
	}
	return total;
}

WEAK ssize_t pwritev(int fd, const struct iovec *iov, int count, off_t offset)
{
	ssize_t total = 0;
	for (int i = 0; i < count; ++i) {
		long put = __hermit_written(sys_pwrite(fd, iov[i].iov_base, iov[i].iov_len, offset + total));
		if (put < 0)
			return total > 0 ? total : to_c(put);
		total += put;
		if ((size_t) put < iov[i].iov_len)
			break;
	}
	return total;
}
