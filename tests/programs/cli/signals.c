/* Waits for signals from outside, as its argument says: asleep or computing; each is reported; SIGTERM ends with status 5.
 * "deadlock": two threads that wait for each other's mutex, and main for both, so that no core has anything to do.
 * "reader": a thread blocks in a read of standard input while main goes on on the same core. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t users, ended;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static atomic_int holding;

static void handle(int signal)
{
	if (signal == SIGUSR1)
		users++;
	else
		ended = 1;
}

static void *deadlock(void *turned)
{
	pthread_mutex_lock(turned ? &second : &first);
	atomic_fetch_add(&holding, 1);
	while (atomic_load(&holding) < 2)
		usleep(1000);
	if (turned)
		puts("ready"), fflush(stdout);
	pthread_mutex_lock(turned ? &first : &second);
	return NULL;
}

static void *read_input(void *argument)
{
	char byte;
	read(0, &byte, 1);
	return argument;
}

static int report_signals(int asleep)
{
	int reported = 0;
	puts("ready");
	fflush(stdout);
	while (!ended) {
		if (asleep)
			usleep(2000);
		if (reported < users) {
			printf("SIGUSR1 %d\n", ++reported);
			fflush(stdout);
		}
	}
	puts("SIGTERM");
	return 5;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "asleep";
	pthread_t threads[2];
	if (strcmp(how, "deadlock") == 0) {
		pthread_create(&threads[0], NULL, deadlock, NULL);
		pthread_create(&threads[1], NULL, deadlock, "turned");
		pthread_join(threads[0], NULL);
	}
	if (strcmp(how, "reader") == 0) {
		pthread_create(&threads[0], NULL, read_input, NULL);
		usleep(20000);
	}
	signal(SIGUSR1, handle);
	signal(SIGTERM, handle);
	return report_signals(strcmp(how, "computing") != 0);
}
