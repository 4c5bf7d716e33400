//# cflags: -pthread
//# cpus: 1 2
//# stdin: @silence
/* Threads that have waited for the host leave nothing behind when they end: not in the lists of those that wait, and not their stacks. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { THREADS = 300, WARM_UP = 40, WAIT_MS = 2, MAX_LOST_MIB = 64 };

static void *wait_for_nothing(void *argument)
{
	struct pollfd silence = {.fd = 0, .events = POLLIN};
	poll(&silence, 1, WAIT_MS);
	return argument;
}

static long free_mib(void)
{
	return sysconf(_SC_AVPHYS_PAGES) / 256;
}

static int run(int nr_threads)
{
	int nr_joined = 0;
	for (int i = 0; i < nr_threads; i++) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, wait_for_nothing, NULL) == 0)
			nr_joined += pthread_join(thread, NULL) == 0;
	}
	return nr_joined;
}

int main(void)
{
	int nr_joined = run(WARM_UP);
	const long before_mib = free_mib();
	nr_joined += run(THREADS);
#ifdef __hermit__
	const long lost_mib = before_mib - free_mib();
#else
	const long lost_mib = 0 * before_mib; /* Linux's free memory is everybody's */
#endif
	printf("%d threads, %s\n", nr_joined, lost_mib < MAX_LOST_MIB ? "nothing lost" : "their memory is lost");
	return 0;
}
