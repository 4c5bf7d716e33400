/* dup2 closes what it replaces; what copies of a descriptor share and what they do not; the lowest number that a copy may get. */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

#include "show.h"

static int close_on_exec(int fd)
{
	return fcntl(fd, F_GETFD) & FD_CLOEXEC;
}

/* The reader of a pipe learns that nobody can write any more: 0, not EAGAIN. */
static void last_writer(void)
{
	int ends[2], others[2];
	char byte;
	pipe2(ends, O_NONBLOCK);
	pipe(others);
	SHOW(read(ends[0], &byte, 1));
	SHOW(dup2(others[0], ends[1]) == ends[1]);
	SHOW(read(ends[0], &byte, 1));
	struct pollfd entry = { .fd = ends[0], .events = POLLIN };
	SHOW(poll(&entry, 1, 0));
	SHOW(entry.revents & POLLHUP);
	/* The number is the other pipe's now. */
	SHOW(write(others[1], "x", 1));
	SHOW(read(ends[1], &byte, 1));
	SHOW(dup3(others[1], ends[0], 0) == ends[0]);
	SHOW(write(ends[0], "yz", 2));
	SHOW(read(others[0], &byte, 1));
	SHOW(byte);
	/* As long as there is a copy, there is a writer. */
	int copy = dup(others[1]);
	SHOW(close(others[1]));
	SHOW(close(ends[0]));
	SHOW(read(others[0], &byte, 1));
	SHOW(fcntl(others[0], F_SETFL, O_NONBLOCK));
	SHOW(read(others[0], &byte, 1));
	SHOW(close(copy));
	SHOW(read(others[0], &byte, 1));
	SHOW(close(others[0]));
	SHOW(close(ends[1]));
}

static void shared(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	SHOW(close_on_exec(fd));
	SHOW(write(fd, "0123456789", 10));
	int copy = dup(fd);
	SHOW(close_on_exec(copy));
	SHOW(lseek(copy, 0, SEEK_CUR));
	SHOW(lseek(copy, 3, SEEK_SET));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(fcntl(copy, F_SETFL, O_APPEND));
	SHOW(fcntl(fd, F_GETFL) & (O_APPEND | O_ACCMODE));
	SHOW(fcntl(copy, F_SETFD, FD_CLOEXEC));
	SHOW(close_on_exec(copy));
	SHOW(dup2(copy, copy) == copy); /* changes nothing */
	SHOW(close_on_exec(copy));
	SHOW(dup2(fd, copy) == copy);
	SHOW(close_on_exec(copy));
	SHOW(dup3(fd, copy, O_CLOEXEC) == copy);
	SHOW(close_on_exec(copy));
	SHOW(dup3(fd, fd, 0));
	SHOW(dup3(fd, copy, O_APPEND));
	SHOW(fcntl(fd, F_SETFD, 0));
	SHOW(close_on_exec(fd));
	SHOW(close_on_exec(copy));
	SHOW(close(fd));
	SHOW(write(copy, "x", 1));
	SHOW(close(copy));
	/* Opened twice, nothing is shared. */
	fd = open("file", O_RDONLY);
	copy = open("file", O_RDONLY);
	SHOW(lseek(fd, 5, SEEK_SET));
	SHOW(lseek(copy, 0, SEEK_CUR));
	close(fd);
	close(copy);
}

static void numbers(void)
{
	int fd = open("file", O_RDONLY);
	int least = fcntl(fd, F_DUPFD, 100), next = fcntl(fd, F_DUPFD, 100), closing = fcntl(fd, F_DUPFD_CLOEXEC, 50);
	SHOW(least);
	SHOW(next);
	SHOW(closing);
	SHOW(close_on_exec(least));
	SHOW(close_on_exec(closing));
	SHOW(close(least));
	SHOW(fcntl(fd, F_DUPFD, 100));
	SHOW(dup(fd) == fd + 1);
	SHOW(fcntl(fd, F_DUPFD, -1));
	SHOW(fcntl(fd, F_DUPFD, INT32_MAX));
	SHOW(fcntl(777, F_DUPFD, 0));
	SHOW(dup(777));
	SHOW(dup2(777, fd));
	SHOW(dup2(777, 777));
	SHOW(dup2(fd, -1));
	SHOW(dup2(fd, INT32_MAX));
	SHOW(fcntl(fd, F_GETFL) & O_ACCMODE); /* it is still open */
	SHOW(fcntl(777, F_GETFD));
	SHOW(fcntl(777, F_GETFL));
	SHOW(close(777));
	SHOW(close(-1));
	SHOW(close(fd));
	SHOW(close(fd));
}

int main(void)
{
	last_writer();
	shared();
	numbers();
	return 0;
}
