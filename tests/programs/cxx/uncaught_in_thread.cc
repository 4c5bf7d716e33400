// An exception that leaves a thread's function.
//# status: 134
//# stderr-contains: terminate called after throwing an instance of 'int'
#include <cstdio>
#include <thread>

int main()
{
	puts("before");
	fflush(stdout);
	std::thread([] { throw 5; }).join();
}
