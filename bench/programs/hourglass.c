/* Noise: what a thread that does nothing but read the clock is kept from (the original's hourglass).
 *
 * Prints the average and the longest gap between two reads of the time-stamp counter, and the time lost in gaps of more than a
 * microsecond for each second; with an argument also how many gaps there were of each length, on standard error.
 */
#include <x86intrin.h>

#include "figure.h"

enum { BINS = 40, SECONDS = 1 };
static const double LOST_NS = 1000;

/* How many gaps took 2^i to 2^(i+1) ticks. */
static unsigned long histogram[BINS];

static double ticks_per_ns(void)
{
	double start = now_ns();
	unsigned long long ticks = __rdtsc();
	while (now_ns() - start < 2e7)
		;
	return (double) (__rdtsc() - ticks) / (now_ns() - start);
}

static void print_histogram(double per_ns)
{
	for (int i = 0; i < BINS; ++i)
		if (histogram[i] != 0)
			fprintf(stderr, "%12.0f ns and more: %lu\n", (double) (1ul << i) / per_ns, histogram[i]);
}

int main(int argc, char **argv)
{
	(void) argv;
	double per_ns = ticks_per_ns();
	unsigned long long limit = (unsigned long long) (LOST_NS * per_ns), longest = 0, lost = 0;
	unsigned long long start = __rdtsc(), last = start, end = start + (unsigned long long) (SECONDS * 1e9 * per_ns);
	unsigned long reads = 0;
	while (last < end) {
		unsigned long long now = __rdtsc(), gap = now - last;
		last = now;
		++reads;
		++histogram[63 - __builtin_clzll(gap | 1) < BINS ? 63 - __builtin_clzll(gap | 1) : BINS - 1];
		longest = gap > longest ? gap : longest;
		lost += gap > limit ? gap : 0;
	}
	print_figure("average", (double) (last - start) / per_ns / (double) reads);
	print_figure("longest", (double) longest / per_ns);
	print_figure("lost", (double) lost / per_ns / SECONDS);
	if (argc > 1)
		print_histogram(per_ns);
	return 0;
}
