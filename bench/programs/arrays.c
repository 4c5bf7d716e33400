/* Functions of libm on arrays: arrays exp|log|pow|sin|cos; the time of one element. */
#include <math.h>
#include <string.h>

#include "figure.h"

enum { LENGTH = 4096, REPEATS = 200 };

static double x[LENGTH], y[LENGTH], out[LENGTH];

/* Even numbers between low and high, in no order. */
static void fill(double *array, double low, double high)
{
	unsigned long random = 42;
	for (int i = 0; i < LENGTH; ++i) {
		random = random * 6364136223846793005ul + 1442695040888963407ul;
		array[i] = low + (high - low) * (double) (random >> 11) / (double) (1ul << 53);
	}
}

/* The compiler must believe that somebody reads `out`. */
#define ON_ALL(call)                                         \
	do {                                                 \
		for (int i = 0; i < LENGTH; ++i)             \
			out[i] = call;                       \
		__asm__ volatile("" ::"r"(out) : "memory");  \
	} while (0)

#define PRINT(call)                                                                \
	do {                                                                       \
		double best = 1e300;                                               \
		for (int repeat = 0; repeat < REPEATS; ++repeat) {                 \
			double start = now_ns();                                   \
			ON_ALL(call);                                              \
			best = smaller(best, (now_ns() - start) / LENGTH);         \
		}                                                                  \
		print_figure(function, best);                                      \
	} while (0)

int main(int argc, char **argv)
{
	const char *function = argc == 2 ? argv[1] : "";
	fill(x, 0.01, 20);
	fill(y, -5, 5);
	if (strcmp(function, "exp") == 0)
		PRINT(exp(y[i]));
	else if (strcmp(function, "log") == 0)
		PRINT(log(x[i]));
	else if (strcmp(function, "pow") == 0)
		PRINT(pow(x[i], y[i]));
	else if (strcmp(function, "sin") == 0)
		PRINT(sin(y[i]));
	else if (strcmp(function, "cos") == 0)
		PRINT(cos(y[i]));
	else
		return 2;
	return 0;
}
