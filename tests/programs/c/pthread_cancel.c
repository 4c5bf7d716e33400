//# compilers: gcc clang
//# cpus: 1 2 4
//# compare: none
//# stdout: @golden
/* Cancellation at cancellation points, asynchronously, disabled; cleanup handlers, keys, and the mutex of a condition. No
 * native build: in a static program glibc cannot unwind (libgcc_s.so). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static pthread_key_t key;
static sem_t started, requested, semaphore;
static pthread_t forever_thread;
static int pipe_fds[2];
static volatile long spins;

static void note(void *text)
{
	printf(" %s", (char *)text);
}

static void unlock(void *argument)
{
	printf(" unlock %d", pthread_mutex_unlock(argument));
}

static void wait_sem(void) { sem_wait(&semaphore); }
static void wait_read(void) { char c; read(pipe_fds[0], &c, 1); }
static void wait_poll(void) { struct pollfd fd = {pipe_fds[0], POLLIN, 0}; poll(&fd, 1, -1); }
static void wait_sleep(void) { sleep(1000); }
static void wait_nanosleep(void) { struct timespec t = {1000, 0}; nanosleep(&t, NULL); }
static void wait_pause(void) { pause(); }
static void wait_join(void) { pthread_join(forever_thread, NULL); }
static void wait_testcancel(void) { for (;;) pthread_testcancel(); }
static void wait_sigwait(void)
{
	sigset_t set;
	int sig;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigwait(&set, &sig);
}
static void wait_cond(void)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	for (;;)
		pthread_cond_wait(&never, &mutex);
	pthread_cleanup_pop(0);
}
static void wait_asynchronous(void)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (;;)
		++spins;
}
static void wait_disabled(void)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	sem_post(&started);
	printf(" wait %d", sem_wait(&requested));
	pthread_testcancel();
	usleep(1);
	printf(" disabled");
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	printf(" enabled");
	pthread_testcancel();
	printf(" not reached");
}

static void *run(void *argument)
{
	void (*const *wait)(void) = argument;
	pthread_setspecific(key, "key");
	pthread_cleanup_push(note, "outer");
	pthread_cleanup_push(note, "inner");
	sem_post(&started);
	(*wait)();
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *forever(void *argument)
{
	pause();
	return argument;
}

static void cancel(const char *name, void (*wait)(void))
{
	pthread_t thread;
	void *result;
	struct timespec moment = {0, 10000000};
	printf("%s:", name);
	if (pthread_create(&thread, NULL, run, &wait) != 0)
		printf(" create failed");
	sem_wait(&started);
	nanosleep(&moment, NULL); /* it is likely to sleep then */
	int error = pthread_cancel(thread);
	pthread_join(thread, &result);
	printf(" %d %s\n", error, result == PTHREAD_CANCELED ? "canceled" : "returned");
	fflush(stdout);
}

static void *exits(void *argument)
{
	pthread_cleanup_push(note, "exit's");
	pthread_exit(argument);
	pthread_cleanup_pop(0);
}

int main(void)
{
	static const struct { const char *name; void (*wait)(void); } all[] = {
		{"testcancel", wait_testcancel}, {"asynchronous", wait_asynchronous}, {"sem_wait", wait_sem}, {"read", wait_read}, {"poll", wait_poll}, {"sleep", wait_sleep},
		{"nanosleep", wait_nanosleep}, {"pause", wait_pause}, {"join", wait_join}, {"sigwait", wait_sigwait},
		{"cond_wait", wait_cond},
	};
	pthread_t thread;
	void *result;
	pthread_key_create(&key, note);
	sem_init(&started, 0, 0);
	sem_init(&requested, 0, 0);
	sem_init(&semaphore, 0, 0);
	pipe(pipe_fds);
	pthread_create(&forever_thread, NULL, forever, NULL);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		cancel(all[i].name, all[i].wait);
	/* A race in earnest: the request comes anywhere between the start and the sleep, and is never lost. */
	setvbuf(stdout, NULL, _IOFBF, 65536);
	long canceled = 0;
	for (int i = 0; i < 500; i++) {
		pthread_create(&thread, NULL, i % 2 ? forever : (void *(*)(void *))pause, NULL);
		if (i % 3)
			sched_yield();
		pthread_cancel(thread);
		pthread_join(thread, &result);
		canceled += result == PTHREAD_CANCELED;
	}
	printf("race: %ld\n", canceled);
	printf("disabled:");
	void (*wait)(void) = wait_disabled;
	pthread_create(&thread, NULL, run, &wait);
	sem_wait(&started);
	sem_wait(&started); /* now it is off */
	pthread_cancel(thread);
	sem_post(&requested);
	pthread_join(thread, &result);
	printf(" %s\nexit:", result == PTHREAD_CANCELED ? "canceled" : "returned");
	pthread_create(&thread, NULL, exits, &key);
	pthread_join(thread, &result);
	printf(" %d\n", result == &key);
	pthread_cancel(forever_thread);
	printf("%d", pthread_join(forever_thread, &result));
	printf(" %d\n", result == PTHREAD_CANCELED);
	pthread_detach(pthread_self());
	struct sigaction action;
	printf("reserved %d\n", sigaction(32, NULL, &action) < 0 && errno == EINVAL);
	return 0;
}
