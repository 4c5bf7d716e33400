//# cpus: 1 2
//# cflags: -pthread
/* sem_wait goes on after a handler with SA_RESTART or one that signal(3) has set, and ends with EINTR after another; sem_timedwait after both. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static sem_t semaphore;
static volatile int called, timed;

static void handle(int sig)
{
	(void) sig;
	called = 1;
}

static void *wait(void *unused)
{
	struct timespec deadline;
	(void) unused;
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += 50;
	int result = timed ? sem_timedwait(&semaphore, &deadline) : sem_wait(&semaphore);
	return (void *) (long) (result == 0 ? 0 : errno);
}

static void set_by_sigaction(int flags)
{
	struct sigaction action = {.sa_handler = handle, .sa_flags = flags};
	sigaction(SIGUSR1, &action, NULL);
}

static void set_by_signal(int flags)
{
	(void) flags;
	signal(SIGUSR1, handle);
}

static long wait_through(void (*set_handler)(int), int flags)
{
	pthread_t thread;
	void *result;
	set_handler(flags);
	sem_init(&semaphore, 0, 0);
	called = 0;
	pthread_create(&thread, NULL, wait, NULL);
	usleep(50000); /* most likely it waits by now; if not, it has nothing to restart */
	pthread_kill(thread, SIGUSR1);
	while (!called)
		usleep(1000);
	if (flags & SA_RESTART)
		sem_post(&semaphore);
	pthread_join(thread, &result);
	return (long) result;
}

int main(void)
{
	for (timed = 0; timed < 2; ++timed) {
		printf("SA_RESTART: %d\n", wait_through(set_by_sigaction, SA_RESTART) == 0);
		printf("without: %d\n", wait_through(set_by_sigaction, 0) == EINTR);
		printf("signal: %d\n", wait_through(set_by_signal, SA_RESTART) == 0);
	}
	return 0;
}
