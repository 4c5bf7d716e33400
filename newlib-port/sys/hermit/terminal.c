/* Terminals: ioctl(2), <termios.h>, isatty. */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "hermit_libc.h"

/* What TCGETS and TCSETS carry: Linux's struct termios of the kernel, shorter than the C library's. */
struct kernel_termios {
	tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
	cc_t c_line;
	cc_t c_cc[19];
};

WEAK int ioctl(int fd, unsigned long request, ...)
{
	va_list arguments;
	va_start(arguments, request);
	void *argument = va_arg(arguments, void *);
	va_end(arguments);
	return (int) to_c(sys_ioctl(fd, request, argument));
}

WEAK int isatty(int fd)
{
	struct kernel_termios ignored;
	return to_c(sys_ioctl(fd, TCGETS, &ignored)) == 0;
}

WEAK int tcgetattr(int fd, struct termios *attributes)
{
	struct kernel_termios kernel;
	if (to_c(sys_ioctl(fd, TCGETS, &kernel)) < 0)
		return -1;
	memset(attributes, 0, sizeof(*attributes));
	attributes->c_iflag = kernel.c_iflag;
	attributes->c_oflag = kernel.c_oflag;
	attributes->c_cflag = kernel.c_cflag;
	attributes->c_lflag = kernel.c_lflag;
	attributes->c_line = kernel.c_line;
	attributes->c_ispeed = attributes->c_ospeed = kernel.c_cflag & CBAUD;
	memcpy(attributes->c_cc, kernel.c_cc, sizeof(kernel.c_cc));
	return 0;
}

WEAK int tcsetattr(int fd, int when, const struct termios *attributes)
{
	struct kernel_termios kernel = {
		.c_iflag = attributes->c_iflag, .c_oflag = attributes->c_oflag,
		.c_cflag = attributes->c_cflag, .c_lflag = attributes->c_lflag, .c_line = attributes->c_line,
	};
	if (when < TCSANOW || when > TCSAFLUSH) {
		errno = EINVAL;
		return -1;
	}
	memcpy(kernel.c_cc, attributes->c_cc, sizeof(kernel.c_cc));
	return (int) to_c(sys_ioctl(fd, TCSETS + (unsigned long) when, &kernel));
}

WEAK speed_t cfgetispeed(const struct termios *attributes)
{
	return attributes->c_cflag & CBAUD;
}

WEAK speed_t cfgetospeed(const struct termios *attributes)
{
	return attributes->c_cflag & CBAUD;
}

WEAK int cfsetospeed(struct termios *attributes, speed_t speed)
{
	if (speed & ~(speed_t) CBAUD) {
		errno = EINVAL;
		return -1;
	}
	attributes->c_cflag = (attributes->c_cflag & ~(tcflag_t) CBAUD) | speed;
	attributes->c_ispeed = attributes->c_ospeed = speed;
	return 0;
}

int cfsetispeed(struct termios *attributes, speed_t speed) ALIAS(cfsetospeed);
int cfsetspeed(struct termios *attributes, speed_t speed) ALIAS(cfsetospeed);

WEAK void cfmakeraw(struct termios *attributes)
{
	attributes->c_iflag &= ~(tcflag_t) (IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	attributes->c_oflag &= ~(tcflag_t) OPOST;
	attributes->c_lflag &= ~(tcflag_t) (ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	attributes->c_cflag = (attributes->c_cflag & ~(tcflag_t) (CSIZE | PARENB)) | CS8;
	attributes->c_cc[VMIN] = 1;
	attributes->c_cc[VTIME] = 0;
}

/* The host's name of the terminal, which Linux tells in /proc. Returns 0 or an error number. */
WEAK int ttyname_r(int fd, char *buffer, size_t len)
{
	struct kernel_termios ignored;
	char link[32], path[PATH_MAX];
	int error = -sys_ioctl(fd, TCGETS, &ignored);
	if (error != 0)
		return error;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	long got = sys_readlink(link, path, sizeof(path));
	if (got <= 0)
		return ENODEV;
	if ((size_t) got >= len)
		return ERANGE;
	memcpy(buffer, path, (size_t) got);
	buffer[got] = '\0';
	return 0;
}

WEAK char *ttyname(int fd)
{
	static char name[PATH_MAX];
	int error = ttyname_r(fd, name, sizeof(name));
	if (error == 0)
		return name;
	errno = error;
	return NULL;
}
