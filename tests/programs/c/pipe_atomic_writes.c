//# cpus: 1 2 4
//# cflags: -pthread
/* Writes of up to PIPE_BUF bytes are done whole or not at all, blocking and not; longer ones in parts; what poll says of it; what a
 * writer without a reader gets: SIGPIPE, blocked, ignored and handled, and EPIPE. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "show.h"

enum { CAPACITY = 65536, WRITERS = 3, WRITES = 200 };

static char block[2 * CAPACITY];
static int ends[2];

static int waiting(void)
{
	int bytes = -1;
	ioctl(ends[0], FIONREAD, &bytes);
	return bytes;
}

static int writable(void)
{
	struct pollfd entry = { .fd = ends[1], .events = POLLOUT };
	return poll(&entry, 1, 0) == 1 && entry.revents == POLLOUT;
}

static void without_blocking(void)
{
	pipe2(ends, O_NONBLOCK);
	SHOW(write(ends[1], block, CAPACITY - 100));
	SHOW(write(ends[1], block, 101));
	SHOW(write(ends[1], block, PIPE_BUF));
	SHOW(waiting());
	SHOW(writable());
	SHOW(write(ends[1], block, 0));
	struct iovec two[2] = { { block, 60 }, { block, 60 } };
	SHOW(writev(ends[1], two, 2));
	SHOW(waiting());
	/* What is there is enough for readv. */
	struct iovec three[3] = { { block, CAPACITY - 100 }, { block, 0 }, { block, 100 } };
	SHOW(readv(ends[0], three, 3));
	SHOW(readv(ends[0], three, 3));
	SHOW(read(ends[0], block, CAPACITY));
	SHOW(writable());
	SHOW(write(ends[1], block, 2 * CAPACITY)); /* as much as fits */
	SHOW(write(ends[1], block, 1));
	SHOW(write(ends[1], block, PIPE_BUF + 1));
	SHOW(read(ends[0], block, PIPE_BUF));
	SHOW(writable());
	SHOW(write(ends[1], block, PIPE_BUF));
	SHOW(waiting());
	close(ends[0]);
	close(ends[1]);
}

static void *write_blocks(void *letter)
{
	char mine[PIPE_BUF];
	memset(mine, (int)(long)letter, sizeof mine);
	for (int i = 0; i < WRITES; i++)
		if (write(ends[1], mine, sizeof mine) != sizeof mine)
			return "short";
	return NULL;
}

/* Writers that block: what each has written stays in one piece. */
static void blocking(void)
{
	pthread_t threads[WRITERS];
	char piece[PIPE_BUF];
	long mixed = 0, of[WRITERS] = { 0 }, failed = 0;
	pipe(ends);
	for (long i = 0; i < WRITERS; i++)
		pthread_create(&threads[i], NULL, write_blocks, (void *)('a' + i));
	for (int i = 0; i < WRITERS * WRITES; i++) {
		for (long got = 0, len; got < PIPE_BUF; got += len)
			if ((len = read(ends[0], piece + got, (i % 3 == 0 ? 1000 : PIPE_BUF) < PIPE_BUF - got ? 1000 : PIPE_BUF - got)) <= 0)
				return;
		for (int k = 1; k < PIPE_BUF; k++)
			mixed += piece[k] != piece[0];
		if (piece[0] >= 'a' && piece[0] < 'a' + WRITERS)
			of[piece[0] - 'a']++;
	}
	for (int i = 0; i < WRITERS; i++) {
		void *result;
		pthread_join(threads[i], &result);
		failed += result != NULL;
	}
	printf("mixed %ld, failed %ld, of each", mixed, failed);
	for (int i = 0; i < WRITERS; i++)
		printf(" %ld", of[i]);
	printf(", left %d\n", waiting());
	close(ends[0]);
	close(ends[1]);
}

/* Nothing blocks that need not: a reader of several parts takes what is there. */
static void in_parts(void)
{
	char a[4] = "", b[8] = "", c[8] = "";
	struct iovec in[3] = { { a, 3 }, { b, 4 }, { c, 5 } }, out[3] = { { "ab", 2 }, { "", 0 }, { "cdefg", 5 } };
	pipe(ends);
	SHOW(write(ends[1], "123", 3));
	SHOW(readv(ends[0], in, 3));
	SHOW(writev(ends[1], out, 3));
	SHOW(waiting());
	SHOW(readv(ends[0], in, 3));
	printf("%s %s %s\n", a, b, c);
	SHOW(writev(ends[1], out, 0));
	close(ends[0]);
	close(ends[1]);
}

static volatile int handled;

static void handle(int signal)
{
	handled += signal == SIGPIPE;
}

static void without_reader(void)
{
	sigset_t set, pending;
	pipe(ends);
	SHOW(write(ends[1], "x", 1));
	SHOW(close(ends[0]));
	struct pollfd entry = { .fd = ends[1], .events = POLLOUT };
	SHOW(poll(&entry, 1, 0));
	SHOW(entry.revents & POLLERR);
	signal(SIGPIPE, handle);
	SHOW(write(ends[1], "x", 1));
	SHOW(handled);
	SHOW(write(ends[1], "", 0));
	SHOW(handled);
	signal(SIGPIPE, SIG_IGN);
	SHOW(write(ends[1], "x", 1));
	SHOW(handled);
	signal(SIGPIPE, handle);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	SHOW(write(ends[1], "x", 1));
	SHOW(handled);
	sigpending(&pending);
	SHOW(sigismember(&pending, SIGPIPE));
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	SHOW(handled);
	SHOW(close(ends[1]));
}

static void *read_some(void *bytes)
{
	usleep(20000);
	SHOW(read(ends[0], block, (long)bytes));
	usleep(20000);
	close(ends[0]);
	return NULL;
}

/* A writer that waits for room is told of a reader that leaves; what went in counts. */
static void reader_leaves(void)
{
	pthread_t thread;
	signal(SIGPIPE, SIG_IGN);
	pipe(ends);
	write(ends[1], block, CAPACITY);
	pthread_create(&thread, NULL, read_some, (void *)PIPE_BUF);
	SHOW(write(ends[1], block, CAPACITY));
	pthread_join(thread, NULL);
	SHOW(write(ends[1], block, 1));
	close(ends[1]);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	without_blocking();
	blocking();
	in_parts();
	without_reader();
	reader_leaves();
	return 0;
}
