/* The shortest calls: calls getpid|yield|mutex|mutex-beside|write.
 *
 * write: one byte to a file.
 * mutex: an uncontended lock and unlock, while there is one thread and when a second one has been joined.
 * mutex-beside: the same while another thread sleeps.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "figure.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, others = PTHREAD_MUTEX_INITIALIZER;

static void *wait_for_mutex(void *argument)
{
	pthread_mutex_lock(argument);
	pthread_mutex_unlock(argument);
	return argument;
}

static pthread_t start(void)
{
	pthread_t thread;
	must(pthread_create(&thread, NULL, wait_for_mutex, &others) == 0, "pthread_create");
	return thread;
}

#define LOCK_AND_UNLOCK pthread_mutex_lock(&mutex); pthread_mutex_unlock(&mutex)

int main(int argc, char **argv)
{
	const char *call = argc == 2 ? argv[1] : "";
	if (strcmp(call, "getpid") == 0)
		FIGURE("getpid", 10, 100000, getpid());
	else if (strcmp(call, "yield") == 0)
		FIGURE("yield", 10, 50000, sched_yield());
	else if (strcmp(call, "mutex") == 0) {
		FIGURE("alone", 10, 1000000, LOCK_AND_UNLOCK);
		pthread_join(start(), NULL);
		FIGURE("joined", 10, 1000000, LOCK_AND_UNLOCK);
	} else if (strcmp(call, "mutex-beside") == 0) {
		pthread_mutex_lock(&others);
		pthread_t thread = start();
		FIGURE("beside", 10, 1000000, LOCK_AND_UNLOCK);
		pthread_mutex_unlock(&others);
		pthread_join(thread, NULL);
	} else if (strcmp(call, "write") == 0) {
		FILE *file = tmpfile();
		must(file != NULL, "tmpfile");
		FIGURE("write", 10, 10000, must(pwrite(fileno(file), "x", 1, 0) == 1, "pwrite"));
	} else
		return 2;
	return 0;
}
