/* Over more ticks of the time-stamp counter than 32 bits count, the monotonic clock goes on. It is that of the host's other programs. */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

/* As far as an isle starts and a sleepy host reads a file. */
#define MAX_DIFFERENCE_S 30.0

static double monotonic_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

int main(void)
{
	const unsigned long long begin = __rdtsc();
	const double start_s = monotonic_s();
	double uptime_s = -1;
	FILE *host = fopen("/proc/uptime", "r");
	if (host == NULL || fscanf(host, "%lf", &uptime_s) != 1)
		return 1;
	fclose(host);
	const double difference_s = uptime_s - start_s;
	printf("the host's clock %d\n", difference_s > -MAX_DIFFERENCE_S && difference_s < MAX_DIFFERENCE_S);
	double before_s = start_s;
	while (__rdtsc() - begin < (5ULL << 32) / 4) {
		const double now_s = monotonic_s();
		if (now_s < before_s) {
			printf("went back by %f s\n", before_s - now_s);
			return 1;
		}
		before_s = now_s;
	}
	printf("went on %d\n", before_s - start_s > 0.1);
	return 0;
}
