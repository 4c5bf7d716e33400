//# compilers: gcc clang
// When objects of thread storage duration come and go: at the end of their thread; in main before the static ones.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

struct Object {
	std::string name;
	explicit Object(const char *n) : name(n) { printf("+%s\n", name.c_str()); }
	~Object() { printf("-%s\n", name.c_str()); }
};

Object early("static");
thread_local Object first("first of a thread");
thread_local Object second("second of a thread");

void use(const Object &object) { printf("use %s\n", object.name.c_str()); }

} // namespace

int main()
{
	atexit([] { puts("atexit"); });
	use(first);
	static Object late("static after a thread's");
	std::thread([] {
		use(second);
		static thread_local Object inside("of a function");
		use(inside);
		puts("thread ends");
	}).join();
	use(second);
	puts("main ends");
}
