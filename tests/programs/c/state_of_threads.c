//# cpus: 1 2 4
//# cflags: -pthread
/* What a new thread begins with, whatever those before it have left behind: errno, locale, thread-locals, keys, masks, pending signals,
 * alternate stack, cancellation. */
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

enum { DEEP = 100 * 1024 };

static pthread_key_t key, second_key;
static __thread int initialised = 42, zero;
static __thread char *pointer = NULL;
static int destroyed;
static stack_t alternate;

static void destroy(void *value)
{
	destroyed += value != NULL;
}

static void show_masks(void)
{
	sigset_t mask, pending;
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	sigpending(&pending);
	printf("blocked %d %d %d, pending %d\n", sigismember(&mask, SIGUSR1), sigismember(&mask, SIGUSR2), sigismember(&mask, SIGRTMIN),
	       sigismember(&pending, SIGUSR1));
}

static void show_cancellation(void)
{
	int state = -1, type = -1;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
	printf("enabled %d, deferred %d\n", state == PTHREAD_CANCEL_ENABLE, type == PTHREAD_CANCEL_DEFERRED);
}

static void *look(void *argument)
{
	stack_t stack;
	SHOW(errno);
	SHOW(initialised);
	SHOW(zero);
	SHOW(pointer == NULL);
	SHOW(pthread_getspecific(key) == NULL);
	SHOW(pthread_getspecific(second_key) == NULL);
	SHOW(uselocale(NULL) == LC_GLOBAL_LOCALE);
	SHOW(MB_CUR_MAX);
	show_masks();
	show_cancellation();
	SHOW(sigaltstack(NULL, &stack));
	SHOW(stack.ss_flags == SS_DISABLE);
	return argument;
}

/* Changes all that `look` tells. */
static void *spoil(void *argument)
{
	sigset_t all;
	volatile char deep[DEEP]; /* the next one's stack, perhaps */
	sigfillset(&all);
	errno = 77;
	initialised = zero = 1;
	pointer = "spoilt";
	pthread_setspecific(key, "spoilt");
	pthread_setspecific(second_key, "spoilt");
	uselocale(newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0));
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	pthread_kill(pthread_self(), SIGUSR1);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	sigaltstack(&alternate, NULL);
	for (int i = 0; i < DEEP; i++)
		deep[i] = (char)0xa5;
	return deep[0] ? argument : NULL;
}

static void run(void *(*function)(void *))
{
	pthread_t thread;
	pthread_create(&thread, NULL, function, NULL);
	pthread_join(thread, NULL);
}

/* The C library sets errno of who calls it, and nobody else's. */
static void *fail(void *argument)
{
	int expected = (int)(long)argument;
	long wrong = 0;
	for (int i = 0; i < 300; i++) {
		expected == ENOENT ? chdir("nowhere") : close(-1);
		if (i % 16 == 0)
			sched_yield();
		wrong += errno != expected;
	}
	return (void *)wrong;
}

static void errno_is_my_own(void)
{
	static const long errors[] = { ENOENT, EBADF, ENOENT, EBADF };
	pthread_t threads[4];
	long wrong = 0;
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, fail, (void *)errors[i]);
	for (int i = 0; i < 4; i++) {
		void *result;
		pthread_join(threads[i], &result);
		wrong += (long)result;
	}
	printf("wrong errno: %ld\n", wrong);
}

static void *look_at_mask(void *argument)
{
	show_masks();
	return argument;
}

/* A mask is inherited, what is pending is not. */
static void masks(void)
{
	sigset_t set, old;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	pthread_kill(pthread_self(), SIGUSR1);
	run(look_at_mask);
	show_masks();
	siginfo_t info;
	struct timespec now = { 0, 0 };
	SHOW(sigtimedwait(&set, &info, &now) == SIGUSR1);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	run(look_at_mask);
}

int main(void)
{
	alternate.ss_size = 64 * 1024;
	alternate.ss_sp = malloc(alternate.ss_size);
	pthread_key_create(&key, destroy);
	pthread_key_create(&second_key, NULL);
	run(look);
	for (int i = 0; i < 3; i++)
		run(spoil);
	SHOW(destroyed);
	run(look);
	SHOW(errno);
	look(NULL);
	errno_is_my_own();
	masks();
	return 0;
}
