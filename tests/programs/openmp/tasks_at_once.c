//# cpus: 1 2 4
//# env: OMP_NUM_THREADS=3
/* Tasks that the runtime runs at once, because there are too many, by their if or final clause, or in a team of one: they have
   their own variables of control, their children may outlive them, dependences and groups see what they should.
   And the first chunk of a guided loop. */
#include <omp.h>
#include <stdio.h>

enum { MANY = 3000, DEPTH = 9 };

static long executed;

static void count(long n)
{
#pragma omp atomic
	executed += n;
}

/* Far more than any queue holds; every tenth has children for which nobody waits but the end of the region. */
static void children_outlive(void)
{
	executed = 0;
#pragma omp parallel
	for (int i = 0; i < MANY; ++i) {
#pragma omp task firstprivate(i)
		{
			count(1);
			if (i % 10 == 0) {
#pragma omp task
				count(1000);
#pragma omp task
				{
#pragma omp task
					count(1000000);
				}
			}
		}
	}
	printf("children %ld\n", executed);
}

/* Waits in every one for its own children only. */
static long tree(int depth)
{
	long left = 0, right = 0;
	if (depth == 0)
		return 1;
#pragma omp task shared(left) if (depth % 2)
	left = tree(depth - 1);
#pragma omp task shared(right) final(depth == 3)
	right = tree(depth - 1);
#pragma omp taskwait
	return left + right;
}

static void variables_of_control(void)
{
	int wrong = 0;
#pragma omp parallel reduction(+ : wrong)
#pragma omp single
	{
		omp_set_num_threads(2);
		for (int i = 0; i < MANY; ++i) {
#pragma omp task if (i % 3 != 0) shared(wrong)
			{
				if (omp_get_max_threads() != 2 || omp_in_final())
#pragma omp atomic
					++wrong;
				omp_set_num_threads(1 + i % 7);
			}
		}
#pragma omp taskwait
		wrong += omp_get_max_threads() != 2;
	}
	printf("control %d\n", wrong);
}

static void dependences(void)
{
	int wrong = 0;
#pragma omp parallel
#pragma omp single
	for (int i = 0; i < MANY; ++i) {
#pragma omp task shared(wrong) firstprivate(i)
		{
			int value = i;
#pragma omp task shared(value) depend(out : value)
			value *= 2;
#pragma omp task shared(value) depend(inout : value)
			value += 1;
#pragma omp task shared(value, wrong) depend(in : value)
			if (value != 2 * i + 1)
#pragma omp atomic
				++wrong;
#pragma omp taskwait
		}
	}
	printf("dependences %d\n", wrong);
}

static void groups(void)
{
	long before_end = 0;
	executed = 0;
#pragma omp parallel
#pragma omp single
	{
#pragma omp taskgroup
		for (int i = 0; i < MANY; ++i) {
#pragma omp task
			{
#pragma omp task
				count(1);
			}
		}
		before_end = executed;
	}
	printf("groups %ld\n", before_end);
}

static void first_chunk(void)
{
	static int owner[1200];
#pragma omp parallel for schedule(guided)
	for (int i = 0; i < 1200; ++i)
		owner[i] = omp_get_thread_num() + (i == 0 ? 100 : 0);
	int end = 1;
	while (end < 400 && owner[end] == owner[0] - 100)
		++end;
	printf("guided: the first chunk has %s\n", end == 400 ? "a third" : "less");
}

int main(void)
{
	children_outlive();
	long leaves = 0;
#pragma omp parallel
#pragma omp single
	leaves = tree(DEPTH);
	printf("leaves %ld\n", leaves);
	leaves = 0;
#pragma omp parallel num_threads(1)
	leaves = tree(DEPTH);
	printf("leaves of one %ld\n", leaves);
	variables_of_control();
	dependences();
	groups();
	first_chunk();
	return 0;
}
