/* Sleeps last at least as long as asked, on both clocks; bad requests are refused. */
#include <time.h>
#include <unistd.h>

#include "show.h"

static long long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

int main(void)
{
	static const long asked[] = { 0, 1, 1000, 100000, 1000000, 20000000, 150000000 };
	for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++) {
		struct timespec time = { 0, asked[i] };
		long long start = now();
		int result = nanosleep(&time, NULL);
		long long took = now() - start;
		printf("%ld: %d %s\n", asked[i], result, took >= asked[i] ? "long enough" : "too short");
	}
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 50000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	int result = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	printf("absolute %d %d\n", result, now() >= until.tv_sec * 1000000000ll + until.tv_nsec);
	long long start = now();
	usleep(30000);
	printf("usleep %d\n", now() - start >= 30000000);
	struct timespec bad = { 0, 1000000000 };
	SHOW(nanosleep(&bad, NULL));
	return 0;
}
