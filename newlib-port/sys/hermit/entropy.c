/* Random bytes from the host. */
#include <sys/random.h>
#include <unistd.h>

#include "hermit_libc.h"

WEAK ssize_t getrandom(void *buffer, size_t len, unsigned flags)
{
	if (flags & ~(unsigned) (GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) {
		errno = EINVAL;
		return -1;
	}
	return to_c(sys_read_entropy(buffer, len, flags));
}

/* Returns an error number, 0 if all is there. newlib's arc4random asks here, by its own name. */
static int fill(void *buffer, size_t len)
{
	char *next = buffer;
	while (len > 0) {
		intptr_t got = sys_read_entropy(next, len, 0);
		if (got <= 0)
			return got < 0 ? (int) -got : EIO;
		next += got;
		len -= (size_t) got;
	}
	return 0;
}

WEAK int getentropy(void *buffer, size_t len)
{
	return (int) to_c(len > 256 ? -EIO : -fill(buffer, len));
}
