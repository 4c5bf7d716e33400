/* strerror(3) of the errors that POSIX names says what it says on Linux. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const int numbers[] = { 0, EPERM, ENOENT, ESRCH, EINTR, EIO, ENXIO, E2BIG, ENOEXEC, EBADF, ECHILD, EAGAIN, ENOMEM, EACCES, EFAULT,
	EBUSY, EEXIST, EXDEV, ENODEV, ENOTDIR, EISDIR, EINVAL, ENFILE, EMFILE, ENOTTY, EFBIG, ENOSPC, ESPIPE, EROFS, EMLINK, EPIPE, EDOM,
	ERANGE, EDEADLK, ENAMETOOLONG, ENOSYS, ENOTEMPTY, ELOOP, EILSEQ, EOVERFLOW, ETIMEDOUT, ECONNREFUSED, EADDRINUSE };

int main(void)
{
	for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
		printf("%d %s\n", numbers[i], strerror(numbers[i]));
	return 0;
}
