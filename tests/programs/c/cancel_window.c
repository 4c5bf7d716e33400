//# cflags: -pthread
//# compare: none
//# stdout: begin: moved\nlast: moved\nbefore: goes on\nbehind: goes on\nnot requested: goes on\n
/* A request for cancellation that meets a thread between its look for requests and the system call, a few instructions, lets it not call
 * any more. So short a time is not met by chance: the handler of cancellation's signal is called as the kernel would call it there. */
#include <hermit/syscall.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

/* newlib-port/sys/hermit/cancellable.S */
extern const char __hermit_cancel_begin[], __hermit_cancel_end[], __hermit_cancel_act[];

enum { SIGNAL_CANCEL = 32, REGISTER_RIP = 16 };

/* What the kernel hands over, as far as it is needed: glibc's ucontext_t. */
struct context {
	unsigned long flags, link, stack[3];
	unsigned long registers[23];
	unsigned long rest[100];
};

typedef void handler(int, siginfo_t *, void *);

static void *nothing(void *argument)
{
	return argument;
}

/* pthread_cancel installs it when it is first called. */
static handler *installed(void)
{
	pthread_t thread;
	struct hermit_sigaction action = { 0 };
	pthread_create(&thread, NULL, nothing, NULL);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	sys_sigaction(SIGNAL_CANCEL, NULL, &action);
	return (handler *)action.handler;
}

static void interrupted_at(const char *name, handler *handle, const char *at)
{
	struct context context = { 0 };
	siginfo_t info = { 0 };
	context.registers[REGISTER_RIP] = (unsigned long)at;
	handle(SIGNAL_CANCEL, &info, &context);
	unsigned long then = context.registers[REGISTER_RIP];
	const char *how = "goes elsewhere";
	if (then == (unsigned long)at)
		how = "goes on";
	else if (then == (unsigned long)__hermit_cancel_act)
		how = "moved";
	printf("%s: %s\n", name, how);
}

/* Nothing in it is a cancellation point but what printf may be, with little to print. */
static void *requested(void *handle)
{
	pthread_cancel(pthread_self());
	interrupted_at("begin", handle, __hermit_cancel_begin);
	interrupted_at("last", handle, __hermit_cancel_end - 1);
	interrupted_at("before", handle, __hermit_cancel_begin - 1);
	interrupted_at("behind", handle, __hermit_cancel_end);
	return NULL;
}

int main(void)
{
	static char buffer[4096];
	pthread_t thread;
	handler *handle = installed();
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer); /* printing calls nothing, so that it does not cancel */
	pthread_create(&thread, NULL, requested, (void *)handle);
	pthread_join(thread, NULL);
	interrupted_at("not requested", handle, __hermit_cancel_begin);
	return 0;
}
