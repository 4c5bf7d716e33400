/* <sys/uio.h>: scatter and gather. */
#ifndef _SYS_UIO_H
#define _SYS_UIO_H

#include <sys/cdefs.h>
#include <sys/types.h>

struct iovec {
	void *iov_base;
	size_t iov_len; /* bytes */
};

#define UIO_MAXIOV 1024

__BEGIN_DECLS
ssize_t readv(int __fd, const struct iovec *__iov, int __count);
ssize_t writev(int __fd, const struct iovec *__iov, int __count);
#if __MISC_VISIBLE
ssize_t preadv(int __fd, const struct iovec *__iov, int __count, off_t __offset);
ssize_t pwritev(int __fd, const struct iovec *__iov, int __count, off_t __offset);
#endif
__END_DECLS

#endif
