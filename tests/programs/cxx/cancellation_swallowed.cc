// catch (...) must not keep a cancelled thread alive.
//# status: 134
//# stderr-contains: FATAL: exception not rethrown
#include <cstdio>
#include <pthread.h>

namespace {

void *thread(void *)
{
	try {
		pthread_exit(nullptr);
	} catch (...) {
		puts("caught");
		fflush(stdout);
	}
	return nullptr;
}

} // namespace

int main()
{
	pthread_t id;
	pthread_create(&id, nullptr, thread, nullptr);
	pthread_join(id, nullptr);
}
