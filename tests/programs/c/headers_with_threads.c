//# cflags: -std=c99 -pthread
/* In strict modes -pthread makes the clocks and signals of POSIX.1c visible. */
#include <signal.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
	struct timespec now;
	sigset_t set;
	printf("%d %d\n", clock_gettime(CLOCK_REALTIME, &now), sigemptyset(&set));
	return now.tv_sec == 0;
}
