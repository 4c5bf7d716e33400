//# compilers: gcc
//# cpus: 1 2 4
//# cflags: -fopenmp
// By gcc only: Debian's clang has no static OpenMP to compare with. openmp/jacobi_stream in C++: containers, lambdas, a reduction of the program's own.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

namespace {

constexpr long length = 1 << 20;
constexpr int grid = 200, sweeps = 300;

template <typename Function> void for_each_index(Function function)
{
#pragma omp parallel for
	for (long i = 0; i < length; ++i)
		function(i);
}

void stream()
{
	std::vector<double> a(length), b(length), c(length);
	for_each_index([&](long i) { a[i] = i, b[i] = 2; });
	for (int repeat = 0; repeat < 3; ++repeat) {
		for_each_index([&](long i) { c[i] = a[i]; });
		for_each_index([&](long i) { b[i] = 3 * c[i]; });
		for_each_index([&](long i) { c[i] = a[i] + b[i]; });
		for_each_index([&](long i) { a[i] = b[i] + 3 * c[i]; });
	}
	long wrong = 0;
#pragma omp parallel for reduction(+ : wrong)
	for (long i = 0; i < length; ++i)
		wrong += a[i] != 3375.0 * i;
	std::printf("stream: %ld wrong\n", wrong);
}

struct Change {
	double most = 0;
	void see(double change) { most = std::max(most, change); }
};
#pragma omp declare reduction(most : Change : omp_out.see(omp_in.most))

void jacobi()
{
	using Field = std::vector<std::array<double, grid>>;
	Field now(grid), next(grid);
	now[0].fill(1);
	next[0].fill(1);
	Change change;
	for (int sweep = 0; sweep < sweeps; ++sweep) {
		change = Change();
#pragma omp parallel for reduction(most : change)
		for (int i = 1; i < grid - 1; ++i)
			for (int j = 1; j < grid - 1; ++j) {
				next[i][j] = (now[i - 1][j] + now[i + 1][j] + now[i][j - 1] + now[i][j + 1]) / 4;
				change.see(std::fabs(next[i][j] - now[i][j]));
			}
#pragma omp parallel for schedule(dynamic)
		for (int i = 1; i < grid - 1; ++i)
			std::copy(next[i].begin() + 1, next[i].end() - 1, now[i].begin() + 1);
	}
	std::printf("jacobi: %.17g, still %.17g\n", now[grid / 4][grid / 2], change.most);
}

} // namespace

int main()
{
	stream();
	jacobi();
}
