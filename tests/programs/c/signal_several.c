//# cpus: 1 2 4
//# cflags: -pthread
/* Signals that come together: a call ends with EINTR if the first of them says so; those of one number are one; one that is waited for
 * goes to who waits; sigsuspend's mask lets in what it names, and nothing else; a signal for the program finds the thread that does not
 * block it. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

static sem_t semaphore, ready;
static volatile int calls[65];
static atomic_int inside;
static volatile pthread_t called_in;
static sigset_t both, usr1;

static void count(int signal)
{
	calls[signal]++;
	called_in = pthread_self();
}

static void handle(int signal, int flags)
{
	struct sigaction action = { .sa_handler = count, .sa_flags = flags };
	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGUSR1);
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(signal, &action, NULL);
	calls[signal] = 0;
}

/* Sends another one, which is held back until this handler returns: then the call learns of both. */
static void send_second(int signal)
{
	calls[signal]++;
	raise(SIGUSR2);
}

static void *wait(void *argument)
{
	(void)argument;
	atomic_store(&inside, 1);
	return sem_wait(&semaphore) < 0 ? (void *)(long)errno : NULL;
}

static void ends_with(int first_flags, int second_flags)
{
	struct sigaction action = { .sa_handler = send_second, .sa_flags = first_flags, .sa_mask = both };
	void *error;
	pthread_t thread;
	handle(SIGUSR2, second_flags);
	sigaction(SIGUSR1, &action, NULL);
	calls[SIGUSR1] = 0;
	atomic_store(&inside, 0);
	pthread_create(&thread, NULL, wait, NULL);
	while (!atomic_load(&inside))
		usleep(1000);
	usleep(50000); /* most likely it waits by now; if not, it waits after both handlers, and nothing ends it */
	pthread_kill(thread, SIGUSR1);
	while (calls[SIGUSR2] == 0)
		usleep(1000);
	usleep(10000);
	sem_post(&semaphore);
	pthread_join(thread, &error);
	while (sem_trywait(&semaphore) == 0)
		;
	printf("first %s, second %s: %s\n", first_flags ? "SA_RESTART" : "not", second_flags ? "SA_RESTART" : "not",
	       (long)error == EINTR ? "EINTR" : "goes on");
}

static void suspended(void)
{
	sigset_t all_but_usr2, pending;
	handle(SIGUSR1, 0);
	handle(SIGUSR2, 0);
	pthread_sigmask(SIG_BLOCK, &both, NULL);
	for (int i = 0; i < 3; i++) {
		kill(getpid(), SIGUSR1);
		pthread_kill(pthread_self(), SIGUSR1);
	}
	kill(getpid(), SIGUSR2);
	sigfillset(&all_but_usr2);
	sigdelset(&all_but_usr2, SIGUSR2);
	SHOW(sigsuspend(&all_but_usr2));
	SHOW(calls[SIGUSR1]);
	SHOW(calls[SIGUSR2]);
	sigpending(&pending);
	SHOW(sigismember(&pending, SIGUSR1));
	SHOW(sigismember(&pending, SIGUSR2));
	/* One was for the program, the other for this thread. */
	pthread_sigmask(SIG_UNBLOCK, &both, NULL);
	SHOW(calls[SIGUSR1]);
}

static void *stay(void *blocked)
{
	pthread_sigmask(SIG_SETMASK, blocked, NULL);
	sem_post(&ready);
	while (sem_wait(&semaphore) != 0)
		;
	return NULL;
}

static void *take(void *argument)
{
	int signal = 0;
	sem_post(&ready);
	SHOW(sigwait(&usr1, &signal));
	SHOW(signal == SIGUSR1);
	return argument;
}

static void finds_its_thread(void)
{
	pthread_t blocks, open, takes;
	sigset_t none;
	sigemptyset(&none);
	handle(SIGUSR1, SA_RESTART);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	pthread_create(&blocks, NULL, stay, &both);
	pthread_create(&open, NULL, stay, &none);
	sem_wait(&ready);
	sem_wait(&ready);
	usleep(10000);
	SHOW(kill(getpid(), SIGUSR1));
	while (calls[SIGUSR1] == 0)
		usleep(1000);
	SHOW(pthread_equal(called_in, open) != 0);
	sem_post(&semaphore);
	sem_post(&semaphore);
	pthread_join(blocks, NULL);
	pthread_join(open, NULL);
	/* All block it, one waits for it. */
	calls[SIGUSR1] = 0;
	pthread_create(&takes, NULL, take, NULL);
	sem_wait(&ready);
	usleep(10000);
	int sent = kill(getpid(), SIGUSR1); /* told afterwards, since the other one prints, too */
	pthread_join(takes, NULL);
	SHOW(sent);
	SHOW(calls[SIGUSR1]);
	/* One that was sent to a thread ends with it. */
	pthread_create(&takes, NULL, stay, &both);
	sem_wait(&ready);
	pthread_kill(takes, SIGUSR1);
	sem_post(&semaphore);
	pthread_join(takes, NULL);
	pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
	SHOW(calls[SIGUSR1]);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	both = usr1;
	sigaddset(&both, SIGUSR2);
	sem_init(&semaphore, 0, 0);
	sem_init(&ready, 0, 0);
	ends_with(0, 0);
	ends_with(0, SA_RESTART);
	ends_with(SA_RESTART, SA_RESTART);
	suspended();
	finds_its_thread();
	return 0;
}
