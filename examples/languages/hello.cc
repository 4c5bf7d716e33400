// C++ with what needs its runtime library: threads, exceptions, strings. Prints the sum of 1 to 100.
#include <future>
#include <iostream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

static int sum(const std::vector<int> &numbers)
{
	if (numbers.empty())
		throw std::invalid_argument("nothing to add");
	return std::accumulate(numbers.begin(), numbers.end(), 0);
}

int main()
{
	std::vector<int> numbers(100);
	std::iota(numbers.begin(), numbers.end(), 1);
	auto result = std::async(std::launch::async, sum, numbers);
	std::cout << "Hello from C++: " << result.get() << '\n';
	try {
		sum({});
	} catch (const std::exception &error) {
		std::cout << "caught: " << error.what() << std::endl;
	}
}
