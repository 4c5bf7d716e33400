//# compilers: gcc clang
//# cflags: -pthread
// When objects of thread storage duration come and go: at the end of their thread, before the values of keys; in main before the static
// ones.
#include <cstdio>
#include <cstdlib>
#include <pthread.h>
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

pthread_key_t key;

// Looks for the value of the key when it goes.
struct Looks {
	~Looks() { printf("the value is %s\n", pthread_getspecific(key) != nullptr ? "there" : "gone"); }
};

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
	pthread_key_create(&key, [](void *value) { printf("destroys %s\n", static_cast<char *>(value)); });
	std::thread([] {
		static thread_local Looks looks;
		(void) &looks;
		pthread_setspecific(key, const_cast<char *>("the value"));
	}).join();
	use(second);
	puts("main ends");
}
