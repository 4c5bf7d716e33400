/* Over more ticks of the time-stamp counter than 32 bits count, the monotonic clock goes on, as fast as the host's, and tells what that
 * tells. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <x86intrin.h>

/* /proc/uptime counts hundredths; what it cannot tell is half of the fault in two seconds that is one of 2 %. */
#define INEXACT_S 0.025

/* A machine that has slept has two clocks that differ. */
#define MAX_DIFFERENCE_S 30.0

static double monotonic_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static double host_s(void)
{
	double uptime_s = -1;
	FILE *host = fopen("/proc/uptime", "r");
	if (host == NULL || fscanf(host, "%lf", &uptime_s) != 1)
		exit(1);
	fclose(host);
	return uptime_s;
}

int main(void)
{
	const unsigned long long begin = __rdtsc();
	/* However long a busy host takes for one of them: the second is between the first and the third. */
	const double host_before_s = host_s(), start_s = monotonic_s(), host_after_s = host_s();
	const double difference_s = host_before_s - start_s;
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
	const double end_before_s = host_s(), took_s = monotonic_s() - start_s, end_after_s = host_s();
	const double least_s = end_before_s - host_after_s - INEXACT_S, most_s = end_after_s - host_before_s + INEXACT_S;
	printf("as fast as the host's %d\n", took_s >= least_s && took_s <= most_s);
	return 0;
}
