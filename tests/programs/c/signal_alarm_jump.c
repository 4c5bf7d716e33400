//# cpus: 1 2
/* An alarm's handler jumps out of an endless loop with siglongjmp, which restores the mask; three times. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static sigjmp_buf out;

static void jump(int signal)
{
	siglongjmp(out, signal);
}

int main(void)
{
	struct itimerval once = { { 0, 0 }, { 0, 20000 } };
	signal(SIGALRM, jump);
	for (volatile int i = 0; i < 3; i++) {
		int signal = sigsetjmp(out, 1);
		if (signal == 0) {
			setitimer(ITIMER_REAL, &once, NULL);
			for (volatile double sum = 1;; sum = sum * 1.0000001)
				;
		}
		sigset_t mask;
		sigprocmask(SIG_BLOCK, NULL, &mask);
		printf("out of the loop by %s, blocked %d\n", signal == SIGALRM ? "SIGALRM" : "?", sigismember(&mask, SIGALRM));
	}
	return 0;
}
