//# cpus: 1 2 4
//# cflags: -pthread
/* What a thread leaves behind: its result by return or pthread_exit, once, to whoever joins it; nothing when detached. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static atomic_int detached_ran;

static void *square(void *argument)
{
	long number = (long)argument;
	return (void *)(number * number);
}

static void leave(long number)
{
	pthread_exit((void *)(number + 1));
}

static void *leave_from_below(void *argument)
{
	leave((long)argument);
	return NULL;
}

static void *join_other(void *argument)
{
	void *result;
	pthread_join(*(pthread_t *)argument, &result);
	return (void *)((long)result + 1000);
}

static void *run_detached(void *argument)
{
	printf("detach myself %d\n", pthread_detach(pthread_self()));
	fflush(stdout);
	atomic_store(&detached_ran, 1);
	return argument;
}

static void *tell_self(void *argument)
{
	*(pthread_t *)argument = pthread_self();
	return NULL;
}

int main(void)
{
	pthread_t a, b, self;
	void *result;
	printf("create %d\n", pthread_create(&a, NULL, square, (void *)12));
	printf("join %d", pthread_join(a, &result));
	printf(" -> %ld\n", (long)result);
	pthread_create(&a, NULL, leave_from_below, (void *)41);
	pthread_create(&b, NULL, join_other, &a);
	printf("join of a joiner %d", pthread_join(b, &result));
	printf(" -> %ld\n", (long)result);
	pthread_create(&a, NULL, tell_self, &self);
	pthread_join(a, NULL);
	printf("same %d, main %d\n", !!pthread_equal(a, self), !!pthread_equal(a, pthread_self()));
	printf("join myself %d\n", pthread_join(pthread_self(), NULL) == EDEADLK);
	pthread_create(&a, NULL, run_detached, NULL);
	while (!atomic_load(&detached_ran))
		usleep(1000);
	pthread_attr_t attributes;
	int state = -1;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_getdetachstate(&attributes, &state);
	atomic_store(&detached_ran, 0);
	printf("detached %d %d\n", state == PTHREAD_CREATE_DETACHED, pthread_attr_setdetachstate(&attributes, 77) == EINVAL);
	pthread_attr_destroy(&attributes);
	return 0;
}
