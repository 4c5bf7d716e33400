//# cpus: 1 2
//# cflags: -pthread
// Cleanup handlers of code that knows no exceptions, as in C, beside objects of code that does: a thread that is cancelled runs and destroys
// them frame by frame, from the innermost on.
#undef __EXCEPTIONS
#include <cstdio>
#include <pthread.h>
#include <unistd.h>

namespace {

struct Object {
	const char *name;
	~Object() { printf("-%s\n", name); }
};

void handler(void *name) { printf("handler of %s\n", static_cast<char *>(name)); }

pthread_barrier_t there;

__attribute__((noinline)) void deepest()
{
	Object object = { "deepest" };
	pthread_barrier_wait(&there);
	for (;;)
		pause();
}

__attribute__((noinline)) void inner()
{
	char name[] = "inner";
	pthread_cleanup_push(handler, name);
	deepest();
	pthread_cleanup_pop(0);
}

__attribute__((noinline)) void middle()
{
	Object object = { "middle" };
	inner();
}

void *outer(void *)
{
	char name[] = "outer";
	pthread_cleanup_push(handler, name);
	middle();
	pthread_cleanup_pop(0);
	return nullptr;
}

} // namespace

int main()
{
	pthread_t thread;
	void *result;
	pthread_barrier_init(&there, nullptr, 2);
	pthread_create(&thread, nullptr, outer, nullptr);
	pthread_barrier_wait(&there);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	printf("cancelled %d\n", result == PTHREAD_CANCELED);
}
