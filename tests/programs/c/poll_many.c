//# cflags: -pthread
//# cpus: 1 2
//# stdin: @silence
/* poll over thousands of descriptors of the host's: it ends in time, tells of all that are ready, also in a thread beside others, and is EINVAL
 * for more than there may be. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "show.h"

enum { MANY = 3000 };

static struct pollfd entries[MANY], others[MANY];

static int ready(const struct pollfd *set)
{
	int count = 0;
	for (int i = 0; i < MANY; i++)
		count += set[i].revents == POLLIN;
	return count;
}

static void *wait_for_all(void *argument)
{
	long answer = poll(others, MANY, -1);
	return argument ? argument : (void *)answer;
}

int main(void)
{
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	volatile nfds_t too_many = -1;
	int writer = open("/dev/stdin", O_WRONLY);
	for (int i = 0; i < MANY; i++)
		others[i] = entries[i] = (struct pollfd) { .fd = i == 0 ? 0 : dup(0), .events = POLLIN };
	SHOW(entries[MANY - 1].fd > MANY);
	SHOW(poll(entries, MANY, 0));
	SHOW(poll(entries, MANY, 20));
	SHOW(ready(entries));
	pthread_t thread;
	pthread_create(&thread, NULL, wait_for_all, NULL);
	usleep(50000);
	SHOW(write(writer, "x", 1));
	void *answer = NULL;
	pthread_join(thread, &answer);
	SHOW(answer);
	SHOW(ready(others));
	SHOW(poll(entries, MANY, -1));
	SHOW(ready(entries));
	SHOW(poll(entries, too_many, 0));
	return 0;
}
