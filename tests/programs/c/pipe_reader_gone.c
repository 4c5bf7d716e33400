//# cpus: 1 2
//# cflags: -pthread
/* What went into a pipe before its reader went is told, and SIGPIPE comes; the next write fails. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int signals;

static void count(int number)
{
	(void)number;
	signals++;
}

static void *reader(void *end)
{
	usleep(100000);
	close(*(int *)end);
	return NULL;
}

static void write_to(const char *name, int ends[2], size_t len)
{
	pthread_t thread;
	char *block = calloc(1, len);
	signals = 0;
	pthread_create(&thread, NULL, reader, &ends[0]);
	ssize_t written = write(ends[1], block, len);
	printf("%s: %zd", name, written);
	pthread_join(thread, NULL);
	printf(", %d signal", signals);
	written = write(ends[1], block, 1);
	printf(", then %zd %s, %d signals\n", written, strerror(errno), signals);
	written = write(ends[1], block, 0);
	printf("nothing: %zd, %d signals\n", written, signals);
	close(ends[1]);
	free(block);
}

int main(void)
{
	int ends[2];
	signal(SIGPIPE, count);
	pipe(ends);
	write_to("pipe", ends, 200000);
	pipe(ends);
	write_to("more than twice", ends, 65536 * 2 + 1);
	signal(SIGPIPE, SIG_IGN);
	pipe(ends);
	write_to("ignored", ends, 200000);
	return 0;
}
