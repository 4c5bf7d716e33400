// noexcept, a joinable thread that is destroyed, a handler of the program's own.
//# status: 3
//# stderr-contains: handled
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

namespace {

void handler()
{
	try {
		std::rethrow_exception(std::current_exception());
	} catch (const std::exception &e) {
		printf("terminate: %s\n", e.what());
	}
	fflush(stdout);
	fputs("handled\n", stderr);
	_Exit(3);
}

void promises_none() noexcept { throw std::logic_error("broken promise"); }

} // namespace

int main()
{
	std::set_terminate(handler);
	try {
		promises_none();
	} catch (...) {
		puts("not reached");
	}
}
