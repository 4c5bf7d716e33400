//# status: 139
/* A fault whose signal is blocked ends the program, whatever handler there is. */
#include <signal.h>
#include <stdio.h>

static void handler(int signal)
{
	printf("handler of %d\n", signal);
	fflush(stdout);
}

int main(void)
{
	sigset_t blocked;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGSEGV);
	signal(SIGSEGV, handler);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	puts("about to fault");
	fflush(stdout);
	volatile int *volatile nowhere = NULL;
	*nowhere = 1;
	puts("not reached");
	return 0;
}
