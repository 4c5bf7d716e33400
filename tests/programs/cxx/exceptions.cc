//# compilers: gcc clang
// Exceptions: through C++ and C frames, nested, kept and rethrown; RTTI and readable names.
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <variant>
#include <vector>

namespace {

struct Noisy {
	const char *name;
	explicit Noisy(const char *n) : name(n) { printf("+%s\n", name); }
	~Noisy() { printf("-%s\n", name); }
};

struct Base { virtual ~Base() = default; };
struct Left : virtual Base {};
struct Right : virtual Base {};
struct Both : Left, Right { int value = 7; };

struct Member {
	Noisy noisy{"member"};
	std::string text;
	explicit Member(int length) try : text(static_cast<size_t>(length), 'x') {
		printf("made %zu\n", text.size());
	} catch (const std::length_error &) {
		printf("function try block\n");
	}
};

int compare(const void *, const void *) { throw std::runtime_error("out of qsort"); }

int deep(int depth)
{
	Noisy noisy(depth == 0 ? "deepest" : "deep");
	if (depth == 0)
		throw Both{};
	return deep(depth - 1) + 1;
}

void nested()
{
	try {
		try {
			throw std::invalid_argument("inner");
		} catch (...) {
			std::throw_with_nested(std::runtime_error("outer"));
		}
	} catch (const std::exception &outer) {
		printf("%s of", outer.what());
		try {
			std::rethrow_if_nested(outer);
		} catch (const std::exception &inner) {
			printf(" %s\n", inner.what());
		}
	}
}

template<typename T> void show_name(const T &value)
{
	int status;
	char *name = abi::__cxa_demangle(typeid(value).name(), nullptr, nullptr, &status);
	printf("%d %s\n", status, name);
	free(name);
}

} // namespace

int main()
{
	try {
		deep(2);
	} catch (const Base &base) {
		printf("caught a base, %d\n", dynamic_cast<const Both &>(base).value);
	}
	try {
		int numbers[4] = {4, 3, 2, 1};
		qsort(numbers, 4, sizeof(int), compare);
	} catch (const std::exception &e) {
		printf("%s\n", e.what());
	}
	nested();
	Member good(3);
	try {
		Member bad(-1);
	} catch (const std::exception &e) {
		printf("%s\n", e.what());
	}
	std::exception_ptr kept;
	try {
		std::vector<int>().at(3);
	} catch (...) {
		kept = std::current_exception();
	}
	printf("uncaught %d\n", std::uncaught_exceptions());
	for (int i = 0; i < 2; ++i)
		try {
			std::rethrow_exception(kept);
		} catch (const std::out_of_range &e) {
			printf("%s\n", e.what());
		}
	try {
		Base base;
		printf("%d\n", dynamic_cast<Both &>(base).value);
	} catch (const std::bad_cast &e) {
		printf("%s\n", e.what());
	}
	try {
		std::variant<int, double> v = 1.5;
		printf("%d\n", std::get<int>(v));
	} catch (const std::bad_variant_access &e) {
		printf("%s\n", e.what());
	}
	try {
		volatile size_t huge = static_cast<size_t>(-1) / 4;
		printf("%p\n", static_cast<void *>(new char[huge]));
	} catch (const std::bad_alloc &e) {
		printf("%s\n", e.what());
	}
	show_name(std::vector<std::pair<int, std::string>>());
	show_name(Both());
	int thrown = 0;
	for (int i = 0; i < 20000; ++i)
		try {
			throw i;
		} catch (int value) {
			thrown += value & 1;
		}
	printf("%d\n", thrown);
}
