/* SA_ONSTACK without a fault: raise and alarm run the handler on the alternate stack; what it may ask and change there. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "show.h"

static char *memory;
static volatile int on_it, flags, change, calls;

static void handle(int sig)
{
	char here;
	stack_t now, other = {.ss_sp = memory, .ss_size = SIGSTKSZ};
	(void) sig;
	on_it = &here >= memory && &here < memory + SIGSTKSZ;
	sigaltstack(NULL, &now);
	flags = now.ss_flags;
	change = sigaltstack(&other, NULL) < 0 ? errno : 0;
	++calls;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
	stack_t stack = {.ss_size = SIGSTKSZ}, now;
	stack.ss_sp = memory = malloc(SIGSTKSZ);
	SHOW(sigaltstack(&stack, NULL));
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	SHOW(raise(SIGUSR1));
	printf("%d %d %d\n", on_it, flags == SS_ONSTACK, change == EPERM);
	on_it = 0;
	alarm(1);
	while (calls < 2)
		;
	printf("%d %d %d\n", on_it, flags == SS_ONSTACK, change == EPERM);
	sigaltstack(NULL, &now);
	SHOW(now.ss_flags);

	action.sa_flags = 0;
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	SHOW(on_it);
	stack.ss_flags = SS_ONSTACK | SS_DISABLE;
	SHOW(sigaltstack(&stack, NULL));
	stack.ss_flags = SS_DISABLE;
	SHOW(sigaltstack(&stack, NULL));
	return 0;
}
