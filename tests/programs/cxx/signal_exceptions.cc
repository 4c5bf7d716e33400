//# compilers: gcc
//# cflags: -fnon-call-exceptions
// By gcc only: clang lets no exception pass through instructions that fault. Handlers of signals throw, and unwinding passes through the code that was interrupted: by a fault, by a signal that the
// program sends itself, in a call that waits, on an alternate stack, in a thread. A handler can see its callers.
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <unistd.h>
#include <unwind.h>

namespace {

struct Fault {
	int signal;
};

struct Noisy {
	const char *name;
	~Noisy() { std::printf("  %s goes\n", name); }
};

void thrower(int signal)
{
	throw Fault{signal};
}

void on(int signal, void (*handler)(int), int flags = 0)
{
	struct sigaction action = {};
	action.sa_handler = handler;
	// A handler that does not return leaves its signal blocked otherwise.
	action.sa_flags = SA_NODEFER | flags;
	sigaction(signal, &action, nullptr);
}

int *volatile nowhere;
volatile int zero;
// glibc promises that raise and kill throw nothing.
int (*volatile send)(int) = raise;

template <class Work> void caught(const char *what, Work work)
{
	// Values that live in registers across the call.
	long a = zero + 1, b = zero + 2, c = zero + 3, d = zero + 4, e = zero + 5;
	Noisy noisy{what};
	try {
		Noisy inner{"inner"};
		work();
		std::printf("  not thrown\n");
	} catch (const Fault &fault) {
		std::printf("%s: signal %d, %ld%ld%ld%ld%ld\n", what, fault.signal, a, b, c, d, e);
	}
}

__attribute__((noinline)) int deep(int depth)
{
	Noisy noisy{"deep"};
	return depth == 0 ? *nowhere : deep(depth - 1) + 1;
}

volatile bool saw_main, saw_interrupted;
int main_function();

__attribute__((noinline)) void interrupted()
{
	*nowhere = 1;
}

_Unwind_Reason_Code look(_Unwind_Context *context, void *)
{
	int before;
	// In front of a signal's frame the address is that of the instruction itself.
	auto address = _Unwind_GetIPInfo(context, &before) - (before ? 0 : 1);
	auto function = _Unwind_FindEnclosingFunction(reinterpret_cast<void *>(address));
	saw_main = saw_main || function == reinterpret_cast<void *>(main_function);
	saw_interrupted = saw_interrupted || function == reinterpret_cast<void *>(interrupted);
	return _URC_NO_REASON;
}

void looker(int signal)
{
	_Unwind_Backtrace(look, nullptr);
	thrower(signal);
}

void callers(const char *what, void (*work)())
{
	saw_main = false;
	saw_interrupted = false;
	try {
		work();
	} catch (const Fault &) {
		std::printf("%s: sees main %d, the interrupted function %d\n", what, saw_main, saw_interrupted);
	}
}

__attribute__((noinline)) int main_function()
{
	on(SIGSEGV, thrower);
	on(SIGFPE, thrower);
	on(SIGUSR1, thrower);
	on(SIGALRM, thrower);
	caught("load", [] { std::printf("%d\n", *nowhere); });
	caught("store", [] { *nowhere = 1; });
	caught("division", [] { std::printf("%d\n", 1 / zero); });
	caught("deep", [] { std::printf("%d\n", deep(3)); });
	caught("raise", [] { send(SIGUSR1); });
	caught("pause", [] {
		alarm(1);
		pause();
	});
	static char stack[64 << 10];
	const stack_t alternate = {.ss_sp = stack, .ss_flags = 0, .ss_size = sizeof stack};
	sigaltstack(&alternate, nullptr);
	on(SIGSEGV, thrower, SA_ONSTACK);
	on(SIGUSR1, thrower, SA_ONSTACK);
	for (int i = 0; i < 3; ++i)
		caught("alternate stack", [] { std::printf("%d\n", *nowhere); });
	caught("raise on it", [] { send(SIGUSR1); });
	on(SIGSEGV, thrower);
	std::thread([] { caught("thread", [] { *nowhere = 1; }); }).join();
	on(SIGSEGV, looker);
	on(SIGUSR1, looker);
	callers("fault", interrupted);
	callers("raise", [] { send(SIGUSR1); });
	return 0;
}

} // namespace

int main()
{
	return main_function();
}
