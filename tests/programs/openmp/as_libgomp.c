//# cpus: 1 2 4
//# env: OMP_NUM_THREADS=3
/* What gcc compiles into calls of libgomp that LLVM's runtime answers only with our patches: loops downwards over addresses,
   scans, conditional lastprivate, chunks of ordered static loops, cross-iteration dependences in any team, events of
   detached tasks, depend objects and empty lists of dependences, several teams in `target`. */
#include <omp.h>
#include <stdio.h>
#include <string.h>

enum { N = 120 };

/* Before anything else of OpenMP: what a region sets is gone behind it, and the next one has threads. */
static void regions(void)
{
	int sum = 0, threads = 0;
	for (int i = 0; i < 2; ++i) {
#pragma omp target map(tofrom : sum, threads)
		{
#pragma omp parallel for reduction(+ : sum)
			for (int j = 0; j < N; ++j)
				sum += j;
			omp_set_num_threads(2);
			threads += omp_get_max_threads();
		}
	}
	printf("regions %d %d, outside %d\n", sum, threads, omp_get_max_threads());
}

static void loops_downwards(void)
{
	static int cells[N];
#pragma omp parallel for schedule(dynamic, 3)
	for (int *cell = &cells[N - 1]; cell >= &cells[10]; cell -= 2)
		++*cell;
#pragma omp parallel for schedule(guided, 3)
	for (unsigned long long i = N - 1; i > 10; i -= 3)
		++cells[i];
	int sum = 0;
	for (int i = 0; i < N; ++i)
		sum += i * cells[i];
	printf("downwards %d\n", sum);
}

static void scans(void)
{
	static int inclusive[N], exclusive[N];
	int sum = 0;
#pragma omp parallel for reduction(inscan, + : sum)
	for (int i = 0; i < N; ++i) {
		sum += i;
#pragma omp scan inclusive(sum)
		inclusive[i] = sum;
	}
	long long longer = 0;
#pragma omp parallel for reduction(inscan, + : longer)
	for (int i = 0; i < N; ++i) {
		exclusive[i] = (int)longer;
#pragma omp scan exclusive(longer)
		longer += i;
	}
	int wrong = 0;
	for (int i = 0; i < N; ++i)
		wrong += inclusive[i] != i * (i + 1) / 2 || exclusive[i] != i * (i - 1) / 2;
	printf("scans %d %lld, wrong %d\n", sum, longer, wrong);
}

static void last_that_was_assigned(void)
{
	int last = -1, more = -1;
#pragma omp parallel
	{
#pragma omp for lastprivate(conditional : last) schedule(dynamic, 2)
		for (int i = 0; i < N; ++i)
			if (i % 7 == 3)
				last = i;
#pragma omp for lastprivate(conditional : more) schedule(static, 1)
		for (int i = 0; i < N; ++i)
			if (i < N / 2)
				more = i;
	}
	printf("last %d %d\n", last, more);
}

/* The chunks of an ordered static loop go round the team. */
static void chunks(void)
{
	int wrong = 0, next = 0;
#pragma omp parallel for ordered schedule(static, 4) reduction(+ : wrong)
	for (int i = 0; i < N; ++i) {
		wrong += omp_get_thread_num() != i / 4 % omp_get_num_threads();
#pragma omp ordered
		wrong += next++ != i;
	}
	printf("chunks, wrong %d\n", wrong);
}

static void waves(int threads)
{
	static int field[N][8];
	memset(field, 0, sizeof field);
#pragma omp parallel for ordered(2) schedule(static, 1) num_threads(threads)
	for (int i = 0; i < N; ++i)
		for (int j = 0; j < 8; ++j) {
#pragma omp ordered depend(sink : i - 1, j) depend(sink : i, j - 1)
			field[i][j] = 1 + (i ? field[i - 1][j] : 0) % 1000 + (j ? field[i][j - 1] : 0) % 1000;
#pragma omp ordered depend(source)
		}
	printf("waves %d\n", field[N - 1][7]);
}

static void events(void)
{
	int first = 0, second = 0;
#pragma omp parallel
#pragma omp single
	{
		omp_event_handle_t event;
#pragma omp task detach(event) shared(first) depend(out : first)
		first = 1;
#pragma omp task firstprivate(event)
		omp_fulfill_event(event);
#pragma omp task shared(first, second) depend(in : first)
		second = first + 1;
#pragma omp taskwait
#pragma omp task detach(event) if (0)
		omp_fulfill_event(event);
	}
	printf("events %d %d\n", first, second);
}

static void dependences(int many)
{
	int value = 1;
	omp_depend_t object;
#pragma omp depobj(object) depend(inout : value)
#pragma omp parallel
#pragma omp single
	{
#pragma omp task shared(value) depend(depobj : object)
		value = 2 * value + 1;
#pragma omp task shared(value) depend(depobj : object)
		value = 5 * value;
#pragma omp task shared(value) depend(iterator(int i = 0 : many), in : (&value)[i])
		many = 0;
#pragma omp taskwait
	}
#pragma omp depobj(object) destroy
	printf("dependences %d\n", value);
}

static void teams(void)
{
	int seen = 0, others = 0, limit = 0;
#pragma omp target teams num_teams(3) thread_limit(2) map(tofrom : seen, others, limit)
	{
		seen += 10 + omp_get_team_num();
		others += omp_get_num_teams();
#pragma omp parallel if (0)
		limit += omp_get_thread_limit();
	}
	printf("teams %d %d %d, outside %d\n", seen, others, limit, omp_get_num_teams());
	int count = 0;
#pragma omp teams num_teams(5) thread_limit(1) reduction(+ : count)
	count += omp_get_num_teams();
	printf("teams on the host %d\n", count);
}

int main(void)
{
	regions();
	loops_downwards();
	scans();
	last_that_was_assigned();
	chunks();
	waves(1);
	waves(3);
	events();
	dependences(0);
	teams();
	return 0;
}
