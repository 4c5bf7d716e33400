/* SA_RESETHAND: a handler is called once, and the default holds already while it runs; SA_NODEFER: a handler may be called while it
 * runs, which is else held back until it returns; both together; sa_mask holds others back as long. */
#include <signal.h>
#include <unistd.h>

#include "show.h"

#define FLAGS (SA_RESETHAND | SA_NODEFER | SA_SIGINFO | SA_ONSTACK | SA_RESTART)

static volatile int calls, depth, deepest, default_inside, other_calls, other_inside;

static void begin(void)
{
	calls = depth = deepest = default_inside = other_calls = other_inside = 0;
}

static int is_default(int signal)
{
	struct sigaction now;
	sigaction(signal, NULL, &now);
	return now.sa_handler == SIG_DFL;
}

/* Sends itself its own signal, up to three calls in all. */
static void again(int signal)
{
	calls++;
	depth++;
	if (depth > deepest)
		deepest = depth;
	default_inside += is_default(signal);
	if (calls < 3 && !is_default(signal))
		raise(signal);
	depth--;
}

static void other(int signal)
{
	(void)signal;
	other_calls++;
	other_inside += depth > 0;
}

static void send_other(int signal)
{
	(void)signal;
	depth++;
	raise(SIGUSR2);
	raise(SIGUSR2);
	depth--;
}

static void handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
	sigemptyset(&action.sa_mask);
	sigaction(signal, &action, NULL);
	begin();
}

static void once(void)
{
	struct sigaction now;
	handle(SIGUSR1, again, SA_RESETHAND);
	SHOW(is_default(SIGUSR1));
	SHOW(raise(SIGUSR1));
	SHOW(calls);
	SHOW(default_inside);
	SHOW(is_default(SIGUSR1));
	sigaction(SIGUSR1, NULL, &now);
	SHOW(now.sa_flags & FLAGS);
	/* One whose default is to be ignored. */
	handle(SIGURG, again, SA_RESETHAND);
	SHOW(kill(getpid(), SIGURG));
	SHOW(kill(getpid(), SIGURG));
	SHOW(calls);
	/* It is asked for again each time. */
	for (int i = 0; i < 3; i++) {
		handle(SIGUSR1, again, SA_RESETHAND);
		raise(SIGUSR1);
		SHOW(calls);
	}
	handle(SIGUSR1, SIG_IGN, SA_RESETHAND);
	SHOW(raise(SIGUSR1));
	SHOW(is_default(SIGUSR1)); /* being ignored is no handler */
}

static void nested(void)
{
	handle(SIGUSR1, again, SA_NODEFER);
	SHOW(raise(SIGUSR1));
	SHOW(calls);
	SHOW(deepest);
	handle(SIGUSR1, again, 0);
	SHOW(raise(SIGUSR1));
	SHOW(calls);
	SHOW(deepest);
	SHOW(is_default(SIGUSR1));
	handle(SIGUSR1, again, SA_NODEFER | SA_RESETHAND);
	SHOW(raise(SIGUSR1));
	SHOW(calls);
	SHOW(default_inside);
	/* With SA_NODEFER, what sa_mask names is held back all the same. */
	struct sigaction action = { .sa_handler = again, .sa_flags = SA_NODEFER };
	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGUSR1);
	sigaction(SIGUSR1, &action, NULL);
	begin();
	SHOW(raise(SIGUSR1));
	SHOW(calls);
	SHOW(deepest);
}

static void masked(void)
{
	struct sigaction action = { .sa_handler = send_other };
	handle(SIGUSR2, other, 0);
	handle(SIGUSR1, send_other, 0);
	SHOW(raise(SIGUSR1));
	SHOW(other_calls);
	SHOW(other_inside);
	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, NULL);
	begin();
	SHOW(raise(SIGUSR1));
	SHOW(other_calls); /* pending signals of one number are one */
	SHOW(other_inside);
}

int main(void)
{
	once();
	nested();
	masked();
	return 0;
}
