//# cpus: 1 2
//# cflags: -pthread
/* Event counters of eventfd(2): read as a whole or by ones, full, polled, waited for. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>
#ifdef __hermit__
#include <hermit/syscall.h>
enum { EFD_SEMAPHORE = 1 };
static int eventfd(unsigned value, int flags) { return sys_eventfd(value, flags); }
#else
#include <sys/eventfd.h>
#endif

#include "show.h"

static long add(int fd, uint64_t value) { return write(fd, &value, sizeof value); }

/* What is read; errno, negative, if nothing is. */
static long take(int fd)
{
	uint64_t value = 0;
	return read(fd, &value, sizeof value) == sizeof value ? (long)value : -errno;
}

static int events(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN | POLLOUT };
	poll(&one, 1, 0);
	return one.revents;
}

static void *add_later(void *fd)
{
	usleep(50000);
	add(*(int *)fd, 5);
	return NULL;
}

int main(void)
{
	int whole = eventfd(3, 0), ones = eventfd(2, EFD_SEMAPHORE);
	char few[4];
	SHOW(add(whole, 4));
	SHOW(take(whole));
	SHOW(take(ones));
	SHOW(take(ones));
	pthread_t later;
	pthread_create(&later, NULL, add_later, &ones);
	SHOW(take(ones)); /* waits */
	SHOW(take(ones));
	pthread_join(later, NULL);
	fcntl(whole, F_SETFL, O_NONBLOCK);
	SHOW(events(whole));
	SHOW(take(whole));
	SHOW(add(whole, UINT64_MAX));
	SHOW(add(whole, UINT64_MAX - 1)); /* the most that it holds */
	SHOW(events(whole));
	SHOW(add(whole, 1));
	SHOW(take(whole) == -2);
	SHOW(add(whole, 0));
	SHOW(take(whole));
	SHOW(read(whole, few, sizeof few));
	SHOW(write(whole, few, sizeof few));
	SHOW(close(whole));
	SHOW(close(ones));
	return 0;
}
