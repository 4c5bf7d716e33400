//# cpus: 1 2 4
//# cflags: -pthread
/* A pipe between threads: more than fits goes through in order, the end is seen, and a writer without reader gets EPIPE. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TOTAL = 1 << 20 };

static int ends[2];

static void *fill(void *argument)
{
	unsigned char block[5000];
	for (int sent = 0; sent < TOTAL;) {
		int len = TOTAL - sent < (int)sizeof block ? TOTAL - sent : (int)sizeof block;
		for (int i = 0; i < len; i++)
			block[i] = (unsigned char)((sent + i) % 251);
		ssize_t written = write(ends[1], block, (size_t)len);
		if (written < 0)
			return "failed";
		sent += (int)written;
	}
	close(ends[1]);
	return argument;
}

int main(void)
{
	unsigned char block[3000];
	pthread_t thread;
	void *failed;
	long received = 0, faults = 0, len;
	printf("pipe %d\n", pipe(ends));
	pthread_create(&thread, NULL, fill, NULL);
	while ((len = read(ends[0], block, sizeof block)) > 0)
		for (long i = 0; i < len; i++)
			faults += block[i] != received++ % 251;
	pthread_join(thread, &failed);
	printf("received %ld, faults %ld, end %ld, failed %d\n", received, faults, len, failed != NULL);
	close(ends[0]);
	pipe2(ends, O_NONBLOCK);
	printf("empty %d", (int)read(ends[0], block, 1));
	printf(" EAGAIN %d\n", errno == EAGAIN);
	while (write(ends[1], block, sizeof block) > 0)
		;
	printf("full EAGAIN %d\n", errno == EAGAIN);
	signal(SIGPIPE, SIG_IGN);
	close(ends[0]);
	printf("no reader %d", (int)write(ends[1], "x", 1));
	printf(" EPIPE %d\n", errno == EPIPE);
	return 0;
}
