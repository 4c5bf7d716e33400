//# cpus: 1 2
//# cflags: -pthread
/* sigsuspend lets a held-back signal in, waits for one that comes later, and puts the mask back. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t seen;

static void count(int signal)
{
	(void)signal;
	seen++;
}

static void *send(void *target)
{
	usleep(20000);
	pthread_kill(*(pthread_t *)target, SIGUSR1);
	return NULL;
}

int main(void)
{
	sigset_t block, old, mask;
	pthread_t self = pthread_self(), thread;
	signal(SIGUSR1, count);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, &old);
	raise(SIGUSR1);
	printf("held back %d", seen);
	errno = 0;
	printf(", suspend %d", sigsuspend(&old));
	printf(" EINTR %d, seen %d\n", errno == EINTR, seen);
	pthread_create(&thread, NULL, send, &self);
	printf("suspend %d", sigsuspend(&old));
	printf(", seen %d\n", seen);
	pthread_join(thread, NULL);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	printf("still blocked %d\n", sigismember(&mask, SIGUSR1));
	return 0;
}
