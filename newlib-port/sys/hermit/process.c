/* The end of the program: _exit, abort, assert, and a smashed stack. */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hermit_libc.h"

/* What glibc calls the program in messages; runtime_entry sets them. */
void *__libc_stack_end; /* in the main thread's first frame: pthread_getattr_np */
char *program_invocation_name = "";
char *program_invocation_short_name = "";

void _exit(int status)
{
	sys_exit(status & 0xff); /* what a shell sees of it */
}

/* C: a handler for SIGABRT gets its chance; then the kernel reports, status 134. */
WEAK void abort(void)
{
	struct sigaction action;
	sigset_t abort_signal = 1UL << (SIGABRT - 1);
	sigprocmask(SIG_UNBLOCK, &abort_signal, NULL);
	if (sigaction(SIGABRT, NULL, &action) == 0 && action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN)
		__hermit_raise(SIGABRT);
	sys_abort();
}

static void complain(const char *text)
{
	sys_write(STDERR_FILENO, text, strlen(text));
}

/* glibc's words. */
WEAK void __assert_func(const char *file, int line, const char *function, const char *condition)
{
	char message[1024];
	sniprintf(message, sizeof(message), "%s: %s:%d: %s%sAssertion `%s' failed.\n", program_invocation_short_name, file,
	         line, function ? function : "", function ? ": " : "", condition);
	fflush(stdout);
	complain(message);
	abort();
}

WEAK void __assert(const char *file, int line, const char *condition)
{
	__assert_func(file, line, NULL, condition);
}

WEAK void __stack_chk_fail(void)
{
	complain("*** stack smashing detected ***: terminated\n");
	sys_abort();
}

WEAK void __chk_fail(void)
{
	complain("*** buffer overflow detected ***: terminated\n");
	sys_abort();
}
