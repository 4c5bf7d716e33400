//# compilers: gcc
//# cpus: 1 2 4
//# cflags: -fopenmp
/* By gcc only: Debian's clang has no static OpenMP to compare with. Loops of tasks in every direction, each iteration once, with variables that need copying; and a static object whose end comes after
 * the program's, and uses the runtime. */
#include <cstdio>
#include <omp.h>
#include <string>
#include <vector>

struct Team {
	~Team()
	{
		int threads = 0;
#pragma omp parallel num_threads(2) reduction(+ : threads)
		threads++;
		std::printf("at the end: %d threads, level %d\n", threads, omp_get_level());
	}
};

static Team team;

template <class Integer> static void loop(const char *what, Integer first, Integer last, long long step)
{
	std::vector<int> seen(100);
	std::string copied = what;
	Integer final_value = 0;
	bool intact = true;
#pragma omp parallel num_threads(4)
#pragma omp single
	if (step > 0) {
#pragma omp taskloop firstprivate(copied) lastprivate(final_value) grainsize(3)
		for (Integer i = first; i < last; i += step) {
			seen[(i - first) / step]++;
			if (copied != what) {
#pragma omp atomic write
				intact = false;
			}
			final_value = i;
		}
	} else {
#pragma omp taskloop firstprivate(copied) lastprivate(final_value) num_tasks(5)
		for (Integer i = first; i > last; i += step) {
			seen[(first - i) / -step]++;
			if (copied != what) {
#pragma omp atomic write
				intact = false;
			}
			final_value = i;
		}
	}
	int once = 0, more = 0;
	for (int times : seen) {
		once += times == 1;
		more += times > 1;
	}
	std::printf("%s: %d once, %d more, last %lld, %s\n", what, once, more, (long long)final_value,
		    intact ? "copies intact" : "copies broken");
}

int main()
{
	loop<int>("up", 0, 100, 1);
	loop<int>("over zero", -50, 50, 2);
	loop<int>("down", 99, -1, -1);
	loop<long>("down over zero", 60, -57, -3);
	loop<unsigned long>("down over 2^63", (1ul << 63) + 20, (1ul << 63) - 20, -1);
	loop<unsigned>("none", 30, 20, 2);
	return 0;
}
