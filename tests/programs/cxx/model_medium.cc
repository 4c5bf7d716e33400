//# cflags: -mcmodel=medium
//# mem: 8G
//# isles: process uhyve
//# compare: none
//# stdout: 7 caught behind 2 GiB\n
// 2 GiB of static arrays, and an exception, whose unwinder asks where the image ends.
#include <iostream>
#include <stdexcept>

static char bytes[2600000000];

int main()
{
	bytes[sizeof(bytes) - 1] = 7;
	std::cout << int(bytes[sizeof(bytes) - 1]) << ' ';
	try {
		throw std::runtime_error("behind 2 GiB");
	} catch (const std::exception &error) {
		std::cout << "caught " << error.what() << '\n';
	}
}
