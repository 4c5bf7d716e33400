//# compare: none
//# cpus: 1
//# cflags: -pthread
//# stdout: 1000 of 1000\n
/*
 * A thread wakes one of higher priority on its core, which sends it a signal and waits again: the signal is delivered as the first one's
 * call returns, and not when it happens to call the kernel again.
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>

enum { ROUNDS = 1000 };

static sem_t wanted;
static volatile sig_atomic_t handled;
static pthread_t target;

static void handle(int signal)
{
	(void)signal;
	handled = 1;
}

static void *send(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		sem_wait(&wanted);
		pthread_kill(target, SIGUSR1);
	}
	return unused;
}

int main(void)
{
	struct sched_param low = { .sched_priority = 1 }, high = { .sched_priority = 2 };
	pthread_attr_t attributes;
	pthread_t sender;
	int seen = 0;
	target = pthread_self();
	signal(SIGUSR1, handle);
	sem_init(&wanted, 0, 0);
	pthread_setschedparam(target, SCHED_FIFO, &low);
	pthread_attr_init(&attributes);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
	pthread_attr_setschedparam(&attributes, &high);
	if (pthread_create(&sender, &attributes, send, NULL))
		return 1;
	for (int i = 0; i < ROUNDS; i++) {
		handled = 0;
		sem_post(&wanted);
		seen += handled;
	}
	pthread_join(sender, NULL);
	printf("%d of %d\n", seen, ROUNDS);
	return 0;
}
