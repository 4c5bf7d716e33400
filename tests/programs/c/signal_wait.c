//# cpus: 1 2 4
//# cflags: -pthread
/* A thread that takes signals with sigwait while all block them; sigwaitinfo with sigqueue's value; sigtimedwait gives up. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static sigset_t set;
static atomic_int taken;

static void *take(void *argument)
{
	int signal;
	do {
		if (sigwait(&set, &signal) != 0)
			return NULL;
		printf("took %s\n", signal == SIGUSR1 ? "SIGUSR1" : signal == SIGTERM ? "SIGTERM" : "?");
		atomic_fetch_add(&taken, 1);
	} while (signal != SIGTERM);
	return argument;
}

int main(void)
{
	pthread_t thread;
	siginfo_t info;
	struct timespec soon = { 0, 20000000 };
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	printf("nothing there %d\n", sigtimedwait(&set, &info, &soon) == -1 && errno == EAGAIN);
	printf("queue %d", sigqueue(getpid(), SIGUSR1, (union sigval) { .sival_int = 4711 }));
	printf(" took %d", sigwaitinfo(&set, &info) == SIGUSR1);
	printf(" value %d code %d\n", info.si_value.sival_int, info.si_code == SI_QUEUE);
	pthread_create(&thread, NULL, take, NULL);
	for (int i = 1; i <= 3; i++) {
		kill(getpid(), SIGUSR1);
		while (atomic_load(&taken) < i)
			usleep(100);
	}
	pthread_kill(thread, SIGUSR1);
	while (atomic_load(&taken) < 4)
		usleep(100);
	kill(getpid(), SIGTERM);
	pthread_join(thread, NULL);
	return 0;
}
