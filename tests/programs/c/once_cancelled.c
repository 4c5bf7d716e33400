//# cpus: 1 2
//# cflags: -pthread
/* A routine of pthread_once that is cancelled, in either way, is as if it had never been called; who waited for it calls it then. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static pthread_once_t once;
static atomic_int began, calls;

static void stay(void)
{
	if (atomic_fetch_add(&calls, 1))
		return;
	atomic_store(&began, 1);
	for (;;)
		sleep(10);
}

static void *call_and_stay(void *type)
{
	pthread_setcanceltype((int)(intptr_t)type, NULL);
	pthread_once(&once, stay);
	return NULL;
}

static void *call(void *unused)
{
	pthread_once(&once, stay);
	return unused;
}

static void try(const char *what, int type)
{
	static const pthread_once_t fresh = PTHREAD_ONCE_INIT;
	pthread_t first, second;
	void *result;
	once = fresh;
	began = calls = 0;
	pthread_create(&first, NULL, call_and_stay, (void *)(intptr_t)type);
	while (!atomic_load(&began))
		usleep(1000);
	pthread_create(&second, NULL, call, NULL);
	usleep(20000);
	pthread_cancel(first);
	pthread_join(first, &result);
	pthread_join(second, NULL);
	printf("%s: cancelled %d, calls %d\n", what, result == PTHREAD_CANCELED, calls);
}

int main(void)
{
	try("deferred", PTHREAD_CANCEL_DEFERRED);
	try("asynchronous", PTHREAD_CANCEL_ASYNCHRONOUS);
	return 0;
}
