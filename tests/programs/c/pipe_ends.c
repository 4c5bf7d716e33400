//# cpus: 1 2
//# cflags: -pthread
/* Both ends of a pipe: select and poll tell a reader of its end, and who waits to write to a full one is told when its last reader goes. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/select.h>
#include <unistd.h>

#include "show.h"

static int ends[2], writes_errno;

static int selected(void)
{
	fd_set readable;
	FD_ZERO(&readable);
	FD_SET(ends[0], &readable);
	struct timeval second = { 1, 0 };
	int count = select(ends[0] + 1, &readable, NULL, NULL, &second);
	return count * 10 + (FD_ISSET(ends[0], &readable) != 0);
}

static void *write_too_much(void *argument)
{
	static char bytes[1 << 20];
	(void)argument;
	errno = 0;
	long written = write(ends[1], bytes, sizeof bytes);
	/* What fitted before is told first. */
	if (written > 0)
		written = write(ends[1], bytes, sizeof bytes);
	writes_errno = written < 0 ? errno : 0;
	return NULL;
}

int main(void)
{
	char byte;
	SHOW(pipe(ends));
	SHOW(close(ends[1]));
	SHOW(selected());
	struct pollfd end = { .fd = ends[0], .events = POLLIN };
	SHOW(poll(&end, 1, 1000));
	SHOW(end.revents);
	SHOW(read(ends[0], &byte, 1));
	SHOW(close(ends[0]));

	signal(SIGPIPE, SIG_IGN);
	SHOW(pipe(ends));
	pthread_t writer;
	SHOW(pthread_create(&writer, NULL, write_too_much, NULL));
	usleep(100000); /* it waits by now, most likely */
	SHOW(close(ends[0]));
	SHOW(pthread_join(writer, NULL));
	SHOW(writes_errno); /* it says nothing itself: either of the two may be first */
	SHOW(close(ends[1]));
	return 0;
}
