//# cpus: 1 2 4
//# cflags: -pthread
//# stdin: @silence
/* A file that becomes ready between a look at it and the sleep wakes its poller all the same: two threads hand a byte, or a count, to and
 * fro, each polling before it reads, at moments of all kinds. One of them has a file of the host's in its set, too. */
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "channels.h"

enum { ROUNDS = 300 };

struct side {
	int in, out;
	int host;
	size_t bytes;
};

static void pause_for(unsigned loops)
{
	for (volatile unsigned i = 0; i < loops; i++)
		;
}

static int take(const struct side *side)
{
	uint64_t value;
	struct pollfd set[3] = { { side->in, POLLIN, 0 }, { side->out, POLLERR, 0 }, { side->host, POLLIN, 0 } };
	int ready = poll(set, 3, -1);
	return ready == 1 && set[0].revents == POLLIN && read(side->in, &value, side->bytes) == (ssize_t)side->bytes;
}

static int give(const struct side *side)
{
	return write(side->out, &(uint64_t) { 1 }, side->bytes) == (ssize_t)side->bytes;
}

static void *echo(void *argument)
{
	const struct side *side = argument;
	unsigned done = 0;
	for (unsigned i = 0; i < ROUNDS; i++) {
		done += (unsigned)take(side);
		pause_for(i * 7 % 300);
		done += (unsigned)give(side);
	}
	return (void *)(uintptr_t)done;
}

static void play(const char *name, struct side one, struct side other)
{
	pthread_t thread;
	void *echoed;
	unsigned done = 0;
	pthread_create(&thread, NULL, echo, &other);
	for (unsigned i = 0; i < ROUNDS; i++) {
		done += (unsigned)give(&one);
		pause_for(i * 11 % 700);
		done += (unsigned)take(&one);
	}
	pthread_join(thread, &echoed);
	printf("%s: %u %u\n", name, done, (unsigned)(uintptr_t)echoed);
}

int main(void)
{
	int to[2], fro[2], host[2];
	pipe(to);
	pipe(fro);
	play("pipes", (struct side) { fro[0], to[1], -1, 1 }, (struct side) { to[0], fro[1], -1, 1 });
	socketpair(AF_UNIX, SOCK_STREAM, 0, host);
	play("socket pair", (struct side) { host[0], host[0], -1, 1 }, (struct side) { host[1], host[1], -1, 1 });
	to[0] = eventfd(0, 0);
	fro[0] = eventfd(0, 0);
	play("event counters", (struct side) { fro[0], to[0], -1, 8 }, (struct side) { to[0], fro[0], -1, 8 });
	pipe(to);
	pipe(fro);
	/* Standard input is a pipe of the host's that stays silent. */
	play("beside the host", (struct side) { fro[0], to[1], 0, 1 }, (struct side) { to[0], fro[1], -1, 1 });
	return 0;
}
