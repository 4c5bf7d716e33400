//# cpus: 1 2
//# cflags: -pthread
/* A stack overflow is handled on the alternate stack, in main and in a thread, and the program goes on. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { ALTERNATE = 64 * 1024 };

static __thread sigjmp_buf out;
static __thread char *alternate;
static __thread int on_alternate, code_known;

__attribute__((noinline)) int recurse(volatile char *above)
{
	volatile char room[1000];
	room[0] = *above;
	return recurse(room) + room[0];
}

static void handle(int signal, siginfo_t *info, void *context)
{
	char here;
	on_alternate = &here >= alternate && &here < alternate + ALTERNATE;
	code_known = info->si_signo == signal && info->si_addr != NULL && context != NULL;
	siglongjmp(out, 1);
}

static void *overflow(void *name)
{
	volatile char start = 1;
	stack_t stack = { .ss_size = ALTERNATE }, old;
	stack.ss_sp = alternate = malloc(ALTERNATE);
	printf("%s: sigaltstack %d", (char *)name, sigaltstack(&stack, NULL));
	for (volatile int i = 0; i < 2; i++) {
		if (sigsetjmp(out, 1) == 0)
			recurse(&start);
		printf(" caught, on the alternate stack %d, address %d;", on_alternate, code_known);
	}
	sigaltstack(NULL, &old);
	printf(" still set %d\n", old.ss_sp == alternate && old.ss_size == ALTERNATE && !(old.ss_flags & (SS_DISABLE | SS_ONSTACK)));
	return NULL;
}

int main(void)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK };
	action.sa_sigaction = handle;
	sigaction(SIGSEGV, &action, NULL);
	pthread_t thread;
	overflow("main");
	pthread_create(&thread, NULL, overflow, "thread");
	pthread_join(thread, NULL);
	return 0;
}
