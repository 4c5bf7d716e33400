/* The monotonic clock never goes back and moves; the wall clock is that of the host's files within 2 s. */
#include <stdio.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long long now(clockid_t clock)
{
	struct timespec time;
	if (clock_gettime(clock, &time) || time.tv_nsec < 0 || time.tv_nsec >= 1000000000)
		return -1;
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

int main(void)
{
	long long before = now(CLOCK_MONOTONIC), start = before;
	for (int i = 0; i < 100000; i++) {
		long long after = now(CLOCK_MONOTONIC);
		if (after < before) {
			printf("went back by %lld ns\n", before - after);
			return 1;
		}
		before = after;
	}
	printf("moves %d\n", before > start);
	struct stat st;
	FILE *file = fopen("stamp", "w");
	fputs("x", file);
	fclose(file);
	stat("stamp", &st);
	long long difference = (long long)time(NULL) - (long long)st.st_mtime;
	if (difference < -2 || difference > 2)
		printf("the wall clock is off by %lld s\n", difference);
	struct timeval tv;
	gettimeofday(&tv, NULL);
	printf("gettimeofday %d\n", tv.tv_sec - time(NULL) <= 1 && tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	struct timespec resolution = { -1, -1 };
	printf("getres %d %d\n", clock_getres(CLOCK_MONOTONIC, &resolution),
	       resolution.tv_sec == 0 && resolution.tv_nsec > 0 && resolution.tv_nsec <= 1000000);
	printf("clock() %d\n", clock() != (clock_t)-1);
	printf("no such clock %d\n", clock_gettime(4711, &resolution));
	return 0;
}
