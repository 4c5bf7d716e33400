//# cpus: 1 2
//# cflags: -pthread
//# mem: 128M
//# timeout-s: 240
/* What is made and ended again and again never runs out, of memory neither: threads, joined and detached, keys, locks, timers, mappings of
 * all sizes, mallocs, locales, alternate stacks. */
#include <locale.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

enum { OFTEN = 20000, SOME = 3000 };

/* How often of `times` it went well, until it does not. */
static int repeat(int times, int (*once)(int))
{
	int done = 0;
	while (done < times && once(done) == 0)
		done++;
	return done;
}

static void *nothing(void *argument)
{
	return argument;
}

static int joined(int i)
{
	pthread_t thread;
	void *result;
	if (pthread_create(&thread, NULL, nothing, (void *)(long)i) != 0 || pthread_join(thread, &result) != 0)
		return -1;
	return (long)result == i ? 0 : -1;
}

static sem_t done;

static void *say(void *argument)
{
	sem_post(&done);
	return argument;
}

static int detached(int i)
{
	pthread_t thread;
	(void)i;
	if (pthread_create(&thread, NULL, say, NULL) != 0 || pthread_detach(thread) != 0)
		return -1;
	return sem_wait(&done);
}

static void *wait(void *argument)
{
	pause();
	return argument;
}

static int cancelled(int i)
{
	pthread_t thread;
	void *result;
	(void)i;
	if (pthread_create(&thread, NULL, wait, NULL) != 0 || pthread_cancel(thread) != 0 || pthread_join(thread, &result) != 0)
		return -1;
	return result == PTHREAD_CANCELED ? 0 : -1;
}

static int key(int i)
{
	pthread_key_t key;
	if (pthread_key_create(&key, NULL) != 0 || pthread_getspecific(key) != NULL || pthread_setspecific(key, &key) != 0)
		return -1;
	return pthread_key_delete(key) | (i < 0);
}

static int locks(int i)
{
	pthread_mutex_t mutex;
	pthread_rwlock_t lock;
	pthread_cond_t condition;
	pthread_barrier_t barrier;
	sem_t semaphore;
	if (pthread_mutex_init(&mutex, NULL) | pthread_rwlock_init(&lock, NULL) | pthread_cond_init(&condition, NULL) |
	    pthread_barrier_init(&barrier, NULL, 1) | sem_init(&semaphore, 0, (unsigned)i))
		return -1;
	pthread_barrier_wait(&barrier);
	return pthread_mutex_destroy(&mutex) | pthread_rwlock_destroy(&lock) | pthread_cond_destroy(&condition) |
	       pthread_barrier_destroy(&barrier) | sem_destroy(&semaphore);
}

static int timer(int i)
{
	timer_t timer;
	struct sigevent event = { .sigev_notify = i % 2 ? SIGEV_NONE : SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec far = { .it_value = { 1000, 0 } };
	return timer_create(CLOCK_MONOTONIC, &event, &timer) | timer_settime(timer, 0, &far, NULL) | timer_delete(timer);
}

static int expired(int i)
{
	timer_t timer;
	sigset_t set;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec soon = { .it_value = { 0, 1 + i % 3 } };
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) | timer_settime(timer, 0, &soon, NULL))
		return -1;
	return (sigtimedwait(&set, NULL, &(struct timespec) { 10, 0 }) == SIGUSR1 ? 0 : -1) | timer_delete(timer);
}

static int mapping(int i)
{
	size_t len = (size_t)4096 << i % 12;
	char *map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || map[0] != 0 || map[len - 1] != 0)
		return -1;
	map[0] = map[len - 1] = 1;
	return munmap(map, len);
}

static int protected_mapping(int i)
{
	size_t len = (size_t)4096 << (2 + i % 6);
	char *map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || mprotect(map + 4096, 4096, PROT_NONE) != 0 || munmap(map + 8192, 4096) != 0)
		return -1;
	return munmap(map, 8192) | munmap(map + 12288, len > 12288 ? len - 12288 : 4096);
}

static int block(int i)
{
	size_t len = (size_t)1 << i % 22;
	void *aligned = NULL;
	char *block = malloc(len);
	if (block == NULL || posix_memalign(&aligned, 64 << i % 8, len) != 0)
		return -1;
	block[len - 1] = ((char *)aligned)[len - 1] = 1;
	free(aligned);
	char *larger = realloc(block, 2 * len);
	free(larger);
	return larger != NULL ? 0 : -1;
}

static int locale(int i)
{
	locale_t locale = newlocale(LC_ALL_MASK, i % 2 ? "C" : "C.UTF-8", (locale_t)0), copy;
	if (locale == (locale_t)0 || (copy = duplocale(locale)) == (locale_t)0)
		return -1;
	uselocale(copy);
	uselocale(LC_GLOBAL_LOCALE);
	freelocale(copy);
	freelocale(locale);
	return 0;
}

static int variable(int i)
{
	char value[1000];
	memset(value, 'a' + i % 26, sizeof value - 1);
	value[sizeof value - 1] = 0;
	return setenv("MADE", value, 1) | strcmp(getenv("MADE"), value) | unsetenv("MADE");
}

int main(void)
{
	sigset_t set;
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	sem_init(&done, 0, 0);
	SHOW(repeat(OFTEN / 2, joined));
	SHOW(repeat(SOME, detached));
	SHOW(repeat(SOME, cancelled));
	SHOW(repeat(OFTEN, key));
	SHOW(repeat(OFTEN, locks));
	SHOW(repeat(OFTEN, timer));
	SHOW(repeat(SOME, expired));
	SHOW(repeat(OFTEN, mapping));
	SHOW(repeat(SOME, protected_mapping));
	SHOW(repeat(SOME, block));
	SHOW(repeat(OFTEN, locale));
	SHOW(repeat(OFTEN, variable));
	return 0;
}
