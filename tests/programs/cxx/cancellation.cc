//# compilers: gcc clang
//# cpus: 1 2
// Cancelled, or leaving by pthread_exit, a thread destroys the objects in its frames, and cleanup handlers run in between.
#include <cstdio>
#include <cxxabi.h>
#include <pthread.h>
#include <string>
#include <unistd.h>

namespace {

struct Object {
	std::string name;
	explicit Object(const char *n) : name(n) {}
	~Object() { printf("-%s\n", name.c_str()); }
};

void handler(void *name) { printf("handler of %s\n", static_cast<const char *>(name)); }

pthread_barrier_t there;

void inner()
{
	Object object("inner");
	char name[] = "inner";
	pthread_cleanup_push(handler, name);
	pthread_barrier_wait(&there);
	for (;;)
		pause();
	pthread_cleanup_pop(0);
}

void *waits(void *)
{
	Object object("outer");
	try {
		Object in_try("tried");
		char name[] = "outer";
		pthread_cleanup_push(handler, name);
		inner();
		pthread_cleanup_pop(0);
	} catch (abi::__forced_unwind &) {
		puts("passing through");
		throw;
	} catch (...) {
		puts("not reached");
		throw;
	}
	return nullptr;
}

[[noreturn]] void leave(int depth)
{
	Object object("left");
	if (depth == 0)
		pthread_exit(const_cast<char *>("the result"));
	leave(depth - 1);
}

void *leaves(void *)
{
	thread_local Object local("thread_local");
	printf("there is a %s\n", local.name.c_str());
	leave(2);
	return nullptr;
}

void normal()
{
	char name[] = "normal";
	pthread_cleanup_push(handler, name);
	puts("no exception");
	pthread_cleanup_pop(1);
	try {
		pthread_cleanup_push(handler, name);
		throw 1;
		pthread_cleanup_pop(0);
	} catch (int) {
		puts("an exception");
	}
}

} // namespace

int main()
{
	normal();
	pthread_t thread;
	void *result;
	pthread_barrier_init(&there, nullptr, 2);
	pthread_create(&thread, nullptr, waits, nullptr);
	pthread_barrier_wait(&there);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	printf("cancelled %d\n", result == PTHREAD_CANCELED);
	pthread_create(&thread, nullptr, leaves, nullptr);
	pthread_join(thread, &result);
	puts(static_cast<char *>(result));
	Object object("main");
	pthread_exit(nullptr);
}
