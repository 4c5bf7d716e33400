/* How the programs of bench/ take and print their figures: one line "LABEL NANOSECONDS" each.
 *
 * A figure is the best of several repeats: on a machine that others use as well, only what disturbs is added to it.
 */
#ifndef FIGURE_H
#define FIGURE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return 1e9 * now.tv_sec + now.tv_nsec;
}

static inline double smaller(double a, double b)
{
	return a < b ? a : b;
}

static inline void print_figure(const char *label, double ns)
{
	printf("%s %.4f\n", label, ns);
}

/* Prints the best time of one of `count` executions of `work`, over `repeats` repeats. */
#define FIGURE(label, repeats, count, work)                              \
	do {                                                             \
		double best = 1e300;                                     \
		for (int repeat = 0; repeat < (repeats); ++repeat) {     \
			double start = now_ns();                         \
			for (long turn = 0; turn < (count); ++turn) {    \
				work;                                    \
			}                                                \
			best = smaller(best, (now_ns() - start) / (count)); \
		}                                                        \
		print_figure(label, best);                               \
	} while (0)

/* Ends the program if a call has failed: what is measured then is something else. */
static inline void must(int done, const char *what)
{
	if (!done) {
		fprintf(stderr, "%s failed\n", what);
		exit(1);
	}
}

#endif
