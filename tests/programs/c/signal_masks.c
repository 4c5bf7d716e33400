/* sigprocmask holds signals back; sigpending shows them; unblocking delivers them once. */
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t seen;

static void count(int signal)
{
	(void)signal;
	seen++;
}

int main(void)
{
	sigset_t block, old, pending;
	signal(SIGUSR1, count);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	printf("%d %d %d\n", sigismember(&block, SIGUSR1), sigismember(&block, SIGUSR2), sigprocmask(SIG_BLOCK, &block, &old));
	raise(SIGUSR1);
	raise(SIGUSR1);
	sigpending(&pending);
	printf("held back %d, pending %d\n", seen, sigismember(&pending, SIGUSR1));
	sigprocmask(SIG_SETMASK, &old, NULL);
	printf("delivered %d\n", seen);
	return 0;
}
