/* Overheads of OpenMP in the manner of the EPCC microbenchmarks (J. M. Bull, "Measuring Synchronisation and Scheduling
 * Overheads in OpenMP", EWOMP 1999; J. M. Bull, F. Reid, N. McDonnell, "A Microbenchmark Suite for OpenMP Tasks",
 * IWOMP 2012): epcc sync|schedule|task [verbose].
 *
 * The overhead of a construct is the time of a loop of it around a delay, less the time of the same delays in a plain
 * loop, for one construct. It is taken OUTER times, and the number of inner repeats is chosen so that each takes about
 * TARGET_NS. An overhead further than 3 standard deviations from the mean is an outlier. `verbose` prints to standard
 * error what EPCC prints: mean, standard deviation and outliers; the figure is the median.
 */
#include <math.h>
#include <omp.h>
#include <string.h>

#include "figure.h"

enum { OUTER = 20, ITERATIONS_EACH = 128, TREE_DEPTH = 6 };
#define TARGET_NS 1e6
#define DELAY_NS 100.0

static long delay_length;
static int verbose;

/* As in EPCC's delay(): work that the compiler cannot leave out. One copy, as EPCC's is a file of its own: each inlined
 * one would lie elsewhere in the lines of the instruction cache, and take its own time.
 */
__attribute__((noinline)) static void delay(long length)
{
	float a = 0;
	for (long i = 0; i < length; ++i)
		a += i;
	if (a < 0)
		printf("%f\n", a);
}

/* The length of a delay of DELAY_NS. */
static long length_of_delay(void)
{
	for (long length = 1;; length += length / 8 + 1) {
		double best = 1e300;
		for (int repeat = 0; repeat < 5; ++repeat) {
			double start = now_ns();
			for (int i = 0; i < 1000; ++i)
				delay(length);
			best = smaller(best, (now_ns() - start) / 1000);
		}
		if (best >= DELAY_NS)
			return length;
	}
}

/* What is measured: does `count` constructs. */
typedef void work(long count);

static void reference(long count)
{
	for (long i = 0; i < count; ++i)
		delay(delay_length);
}

static void parallel(long count)
{
	for (long i = 0; i < count; ++i) {
#pragma omp parallel
		delay(delay_length);
	}
}

static void loop(long count)
{
#pragma omp parallel
	for (long i = 0; i < count; ++i) {
#pragma omp for
		for (int k = 0; k < omp_get_num_threads(); ++k)
			delay(delay_length);
	}
}

static void parallel_loop(long count)
{
	int threads = omp_get_max_threads();
	for (long i = 0; i < count; ++i) {
#pragma omp parallel for
		for (int k = 0; k < threads; ++k)
			delay(delay_length);
	}
}

static void barrier(long count)
{
#pragma omp parallel
	for (long i = 0; i < count; ++i) {
		delay(delay_length);
#pragma omp barrier
	}
}

static void single(long count)
{
#pragma omp parallel
	for (long i = 0; i < count; ++i) {
#pragma omp single
		delay(delay_length);
	}
}

static void critical(long count)
{
#pragma omp parallel
	for (long i = 0; i < count / omp_get_num_threads(); ++i) {
#pragma omp critical
		delay(delay_length);
	}
}

static _Alignas(128) omp_lock_t lock;

static void locks(long count)
{
#pragma omp parallel
	for (long i = 0; i < count / omp_get_num_threads(); ++i) {
		omp_set_lock(&lock);
		delay(delay_length);
		omp_unset_lock(&lock);
	}
}

static void ordered(long count)
{
#pragma omp parallel for ordered schedule(static, 1)
	for (long i = 0; i < count; ++i) {
#pragma omp ordered
		delay(delay_length);
	}
}

static _Alignas(128) double sum;

static void atomic_reference(long count)
{
	double a = 1e-9, b = 0;
	for (long i = 0; i < count; ++i) {
		b += a;
		__asm__ volatile("" : "+x"(b));
	}
	sum = b;
}

static void atomic(long count)
{
#pragma omp parallel
	for (long i = 0; i < count / omp_get_num_threads(); ++i) {
#pragma omp atomic
		sum += 1e-9;
	}
}

static void reduction(long count)
{
	for (long i = 0; i < count; ++i) {
		double a = 0;
#pragma omp parallel reduction(+ : a)
		{
			delay(delay_length);
			a += 1;
		}
		sum += a;
	}
}

/* ITERATIONS_EACH iterations for each thread count as one construct, so the reference is as many delays. */
static void iterations_reference(long count)
{
	reference(count * ITERATIONS_EACH);
}

#define SCHEDULE(name, clause)                                                             \
	static void name(long count)                                                       \
	{                                                                                  \
		_Pragma("omp parallel") for (long i = 0; i < count; ++i)                   \
		{                                                                          \
			_Pragma(clause) for (int k = 0; k < ITERATIONS_EACH * omp_get_num_threads(); ++k) \
				delay(delay_length);                                       \
		}                                                                          \
	}

SCHEDULE(static_default, "omp for schedule(static)")
SCHEDULE(static_1, "omp for schedule(static, 1)")
SCHEDULE(static_16, "omp for schedule(static, 16)")
SCHEDULE(dynamic_1, "omp for schedule(dynamic, 1)")
SCHEDULE(dynamic_16, "omp for schedule(dynamic, 16)")
SCHEDULE(guided_1, "omp for schedule(guided, 1)")
SCHEDULE(guided_16, "omp for schedule(guided, 16)")

/* Tasks: every thread makes as many as the reference does delays. */
static void parallel_task(long count)
{
#pragma omp parallel
	for (long i = 0; i < count; ++i) {
#pragma omp task
		delay(delay_length);
	}
}

static void one_makes_tasks(long count)
{
	int threads = omp_get_max_threads();
#pragma omp parallel
#pragma omp master
	for (long i = 0; i < count * threads; ++i) {
#pragma omp task
		delay(delay_length);
	}
}

static void task_wait(long count)
{
#pragma omp parallel
	for (long i = 0; i < count; ++i) {
#pragma omp task
		delay(delay_length);
#pragma omp taskwait
	}
}

static void tree(int depth)
{
	if (depth == 0) {
		delay(delay_length);
		return;
	}
#pragma omp task
	tree(depth - 1);
#pragma omp task
	tree(depth - 1);
#pragma omp taskwait
}

static void task_tree(long count)
{
	long trees = count >> TREE_DEPTH;
#pragma omp parallel
	for (long i = 0; i < (trees > 0 ? trees : 1); ++i)
		tree(TREE_DEPTH);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double time_of(work *construct, long count)
{
	double start = now_ns();
	construct(count);
	return now_ns() - start;
}

/* Inner repeats for TARGET_NS, a multiple of 64 so that threads and trees divide it. */
static long inner_repeats(work *construct)
{
	long count = 64;
	while (time_of(construct, count) < TARGET_NS / 2 && count < 1L << 24)
		count *= 2;
	return count;
}

struct construct {
	const char *label;
	work *work;
	work *reference;
};

/* The median of OUTER overheads. A reference is timed right before each, so that what the machine does beside us, which
 * changes by the second, slows both.
 */
static double overhead(const struct construct *construct)
{
	double overheads[OUTER], mean = 0, variance = 0;
	int outliers = 0;
	long count = inner_repeats(construct->work), reference_count = inner_repeats(construct->reference);
	for (int i = 0; i < OUTER; ++i) {
		double base = time_of(construct->reference, reference_count) / reference_count;
		overheads[i] = time_of(construct->work, count) / count - base;
		mean += overheads[i] / OUTER;
	}
	for (int i = 0; i < OUTER; ++i)
		variance += (overheads[i] - mean) * (overheads[i] - mean) / (OUTER - 1);
	for (int i = 0; i < OUTER; ++i)
		outliers += fabs(overheads[i] - mean) > 3 * sqrt(variance);
	qsort(overheads, OUTER, sizeof *overheads, by_size);
	if (verbose)
		fprintf(stderr, "%-16s mean %10.1f ns  sd %8.1f  outliers %d  median %10.1f\n", construct->label, mean,
			sqrt(variance), outliers, overheads[OUTER / 2]);
	return overheads[OUTER / 2];
}

static const struct construct sync_constructs[] = {
	{ "parallel", parallel, reference },
	{ "for", loop, reference },
	{ "parallel-for", parallel_loop, reference },
	{ "barrier", barrier, reference },
	{ "single", single, reference },
	{ "critical", critical, reference },
	{ "lock", locks, reference },
	{ "ordered", ordered, reference },
	{ "atomic", atomic, atomic_reference },
	{ "reduction", reduction, reference },
	{ NULL, NULL, NULL },
};

static const struct construct schedule_constructs[] = {
	{ "static", static_default, iterations_reference },
	{ "static-1", static_1, iterations_reference },
	{ "static-16", static_16, iterations_reference },
	{ "dynamic-1", dynamic_1, iterations_reference },
	{ "dynamic-16", dynamic_16, iterations_reference },
	{ "guided-1", guided_1, iterations_reference },
	{ "guided-16", guided_16, iterations_reference },
	{ NULL, NULL, NULL },
};

static const struct construct task_constructs[] = {
	{ "task", parallel_task, reference },
	{ "master-task", one_makes_tasks, reference },
	{ "taskwait", task_wait, reference },
	{ "task-tree", task_tree, reference },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	const char *group = argc > 1 ? argv[1] : "";
	const struct construct *construct = strcmp(group, "sync") == 0       ? sync_constructs
					    : strcmp(group, "schedule") == 0 ? schedule_constructs
					    : strcmp(group, "task") == 0     ? task_constructs
									     : NULL;
	if (construct == NULL)
		return 2;
	verbose = argc > 2;
	delay_length = length_of_delay();
	omp_init_lock(&lock);
	parallel(1000);
	for (; construct->label != NULL; ++construct)
		print_figure(construct->label, overhead(construct));
	omp_destroy_lock(&lock);
	return 0;
}
