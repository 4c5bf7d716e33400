//# compilers: gcc clang
// Nobody catches it: what std::terminate says, and the exit status.
//# status: 134
//# stderr-contains: terminate called after throwing an instance of 'std::out_of_range'
//# stderr-contains:   what():  too far
#include <cstdio>
#include <stdexcept>

int main()
{
	puts("before");
	fflush(stdout);
	throw std::out_of_range("too far");
}
