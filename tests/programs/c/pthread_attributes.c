//# cflags: -pthread
//# cpus: 1 2 4
/* Attributes of threads: stack, name, cores, policy; and the answers of getattr_np and of C11's threads. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include "show.h"

enum { STACK = 256 * 1024 };

static int is_inside(void *address, void *start, size_t size)
{
	return (char *)address >= (char *)start && (char *)address < (char *)start + size;
}

static void show_stack(size_t least)
{
	pthread_attr_t attributes;
	void *start;
	size_t size;
	int local;
	SHOW(pthread_getattr_np(pthread_self(), &attributes));
	pthread_attr_getstack(&attributes, &start, &size);
	SHOW(is_inside(&local, start, size) && size >= least);
	pthread_attr_destroy(&attributes);
}

static void *on_given_stack(void *stack)
{
	char local[100000];
	memset(local, 1, sizeof local);
	SHOW(is_inside(local, stack, STACK));
	show_stack(STACK);
	return local[99] ? stack : NULL;
}

static void show_name(void)
{
	char name[16];
	SHOW(pthread_getname_np(pthread_self(), name, sizeof name));
	puts(name);
}

/* The main thread is called like the program, and a thread like its creator. */
static void *named(void *argument)
{
	show_name();
	SHOW(pthread_setname_np(pthread_self(), "a thread's name, too long") == ERANGE);
	SHOW(pthread_setname_np(pthread_self(), "worker"));
	show_name();
	show_stack(128 * 1024);
	return argument;
}

static void *where(void *argument)
{
	cpu_set_t set;
	pthread_getaffinity_np(pthread_self(), sizeof set, &set);
	SHOW(CPU_COUNT(&set));
	SHOW(CPU_ISSET(sched_getcpu(), &set));
	SHOW(sched_setaffinity(0, sizeof set, &set));
	CPU_ZERO(&set);
	SHOW(pthread_setaffinity_np(pthread_self(), sizeof set, &set) == EINVAL);
	return argument;
}

static mtx_t mutex;
static cnd_t changed;
static tss_t key;
static once_flag once = ONCE_FLAG_INIT;
static int ready;

static void initialise(void)
{
	printf("once\n");
}

static int c11(void *argument)
{
	call_once(&once, initialise);
	tss_set(key, argument);
	mtx_lock(&mutex);
	ready = 1;
	cnd_signal(&changed);
	mtx_unlock(&mutex);
	return tss_get(key) == argument ? 42 : 0;
}

static void use_c11(void)
{
	thrd_t thread;
	int result;
	struct timespec past = {1, 0}, moment = {0, 1000000};
	call_once(&once, initialise);
	SHOW(tss_create(&key, NULL));
	SHOW(mtx_init(&mutex, mtx_timed | mtx_recursive));
	SHOW(cnd_init(&changed));
	SHOW(mtx_lock(&mutex));
	SHOW(mtx_trylock(&mutex));
	SHOW(mtx_unlock(&mutex));
	SHOW(cnd_timedwait(&changed, &mutex, &past) == thrd_timedout);
	thrd_create(&thread, c11, &mutex);
	while (!ready)
		cnd_wait(&changed, &mutex);
	mtx_unlock(&mutex);
	SHOW(thrd_join(thread, &result));
	SHOW(result);
	SHOW(thrd_sleep(&moment, NULL));
	SHOW(thrd_equal(thrd_current(), thrd_current()) != 0);
}

int main(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	void *stack = aligned_alloc(4096, STACK), *result;
	size_t size;
	int value;
	struct sched_param parameter = {0};
	cpu_set_t set;
	show_stack(1024 * 1024);
	SHOW(pthread_attr_init(&attributes));
	SHOW(pthread_attr_setstacksize(&attributes, 1) == EINVAL);
	SHOW(pthread_attr_setstacksize(&attributes, 128 * 1024));
	SHOW(pthread_attr_getstacksize(&attributes, &size));
	SHOW(size);
	SHOW(pthread_attr_getguardsize(&attributes, &size));
	SHOW(size);
	SHOW(pthread_attr_setguardsize(&attributes, 8192));
	SHOW(pthread_attr_getdetachstate(&attributes, &value));
	SHOW(value == PTHREAD_CREATE_JOINABLE);
	SHOW(pthread_attr_setdetachstate(&attributes, 7) == EINVAL);
	SHOW(pthread_attr_getschedpolicy(&attributes, &value));
	SHOW(value == SCHED_OTHER);
	SHOW(pthread_attr_getinheritsched(&attributes, &value));
	SHOW(value == PTHREAD_INHERIT_SCHED);
	SHOW(pthread_attr_setscope(&attributes, PTHREAD_SCOPE_PROCESS) == ENOTSUP);
	SHOW(pthread_attr_setschedparam(&attributes, &parameter));
	pthread_create(&thread, &attributes, named, NULL);
	pthread_join(thread, NULL);
	SHOW(pthread_attr_setstack(&attributes, stack, STACK));
	pthread_create(&thread, &attributes, on_given_stack, stack);
	pthread_join(thread, &result);
	SHOW(result == stack);
	SHOW(pthread_attr_destroy(&attributes));
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	pthread_attr_init(&attributes);
	SHOW(pthread_attr_setaffinity_np(&attributes, sizeof set, &set));
	pthread_create(&thread, &attributes, where, NULL);
	pthread_join(thread, NULL);
	CPU_ZERO(&set);
	CPU_SET(1000, &set);
	SHOW(pthread_attr_setaffinity_np(&attributes, sizeof set, &set));
	SHOW(pthread_create(&thread, &attributes, where, NULL) == EINVAL);
	pthread_attr_destroy(&attributes);
	SHOW(pthread_getschedparam(pthread_self(), &value, &parameter));
	SHOW(value == SCHED_OTHER && parameter.sched_priority == 0);
	SHOW(pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameter));
	SHOW(pthread_kill(pthread_self(), 0));
	SHOW(pthread_setconcurrency(3));
	SHOW(pthread_getconcurrency());
	use_c11();
	return 0;
}
