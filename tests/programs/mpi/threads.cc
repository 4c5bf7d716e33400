// C++ with MPI and OpenMP: each rank's threads add, the ranks' sums are added; exceptions and containers beside it.
#include <mpi.h>

#include <iostream>
#include <numeric>
#include <stdexcept>
#include <vector>

int main(int argc, char **argv)
{
	int provided, rank, size;
	MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	std::vector<long> numbers(100000);
	std::iota(numbers.begin(), numbers.end(), rank);
	long sum = 0, all = 0;
#pragma omp parallel for reduction(+ : sum)
	for (std::size_t i = 0; i < numbers.size(); i++)
		sum += numbers[i];
	try {
		MPI_Allreduce(&sum, &all, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
		if (all < sum)
			throw std::runtime_error("less");
		throw std::length_error("caught");
	} catch (const std::length_error &error) {
		if (rank == 0)
			std::cout << size << " ranks: " << all << ", " << error.what() << ", funneled: " << (provided >= MPI_THREAD_FUNNELED) << '\n';
	}
	MPI_Finalize();
}
