//# cpus: 1 2
//# cflags: -pthread
//# compare: none
//# stdout: @golden
/* Priorities that differ by one: the higher one runs at once, woken by a timer, a signal, a post, an unlock or by being raised. A thread that is
 * preempted stays before its equals; one that yields, whose slice is over or that is lowered goes behind them. All on core 0. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "bounds.h"

enum { LOW = 10, MIDDLE = 11, HIGH = 12 };

static char order[64];
static atomic_int used;
static sem_t gate, second_gate;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_int go, stop;
static int ends[2], called;

static void note(char what)
{
	order[atomic_fetch_add(&used, 1)] = what;
}

static void show_order(const char *what)
{
	printf("%s: %.*s\n", what, used, order);
	used = 0;
}

static pthread_t start(void *(*function)(void *), const void *argument, int policy, int priority)
{
	pthread_t thread;
	pthread_attr_t attributes;
	cpu_set_t first;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	pthread_attr_init(&attributes);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, policy);
	pthread_attr_setschedparam(&attributes, &(struct sched_param) { priority });
	pthread_attr_setaffinity_np(&attributes, sizeof first, &first);
	if (pthread_create(&thread, &attributes, function, (void *)argument) != 0)
		puts("cannot create");
	pthread_attr_destroy(&attributes);
	return thread;
}

static void set_own(int policy, int priority)
{
	if (pthread_setschedparam(pthread_self(), policy, &(struct sched_param) { priority }) != 0)
		puts("cannot set the priority");
}

/* For two seconds at most, of which a time when the host runs others is a millisecond. */
static void compute_until(const atomic_int *word)
{
	long long computed = 0;
	for (long long last = now_ns(CLOCK_MONOTONIC), now; !atomic_load(word) && computed < 2000 * MS; last = now) {
		now = now_ns(CLOCK_MONOTONIC);
		computed += now - last < MS ? now - last : MS;
	}
}

static void *sleep_and_run(void *argument)
{
	usleep(20000);
	atomic_store(&go, 1);
	note('h');
	return argument;
}

static void *wait_for_signal(void *argument)
{
	sigset_t set;
	int signal;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwait(&set, &signal);
	note('h');
	return argument;
}

static void *wait_for_post(void *argument)
{
	sem_wait(&gate);
	note('h');
	return argument;
}

static void *wait_for_mutex(void *argument)
{
	pthread_mutex_lock(&mutex);
	note('h');
	pthread_mutex_unlock(&mutex);
	return argument;
}

static void *wait_for_condition(void *argument)
{
	pthread_mutex_lock(&mutex);
	while (!called)
		pthread_cond_wait(&changed, &mutex);
	note('h');
	pthread_mutex_unlock(&mutex);
	return argument;
}

static void *wait_for_pipe(void *argument)
{
	char byte;
	read(ends[0], &byte, 1);
	note('h');
	return argument;
}

static void *say(void *letter)
{
	note(*(const char *)letter);
	return NULL;
}

static void post(pthread_t thread) { (void)thread; sem_post(&gate); }
static void send(pthread_t thread) { pthread_kill(thread, SIGUSR1); }
static void write_byte(pthread_t thread) { (void)thread; write(ends[1], "x", 1); }

static void call(pthread_t thread)
{
	(void)thread;
	pthread_mutex_lock(&mutex);
	called = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
}

/* The higher one, which waits, is there as soon as it is woken. */
static void woken(const char *name, void *(*wait)(void *), void (*wake)(pthread_t))
{
	pthread_t thread = start(wait, NULL, SCHED_FIFO, HIGH);
	note('m');
	wake(thread);
	note('M');
	pthread_join(thread, NULL);
	show_order(name);
}

static void higher(void)
{
	set_own(SCHED_FIFO, MIDDLE);
	pthread_t thread = start(sleep_and_run, NULL, SCHED_FIFO, HIGH);
	note('m');
	compute_until(&go);
	note('M');
	pthread_join(thread, NULL);
	show_order("timer");
	woken("post", wait_for_post, post);
	woken("signal", wait_for_signal, send);
	woken("condition", wait_for_condition, call);
	woken("pipe", wait_for_pipe, write_byte);
	pthread_mutex_lock(&mutex);
	thread = start(wait_for_mutex, NULL, SCHED_FIFO, HIGH);
	note('m');
	pthread_mutex_unlock(&mutex);
	note('M');
	pthread_join(thread, NULL);
	show_order("mutex");
	thread = start(say, "n", SCHED_FIFO, HIGH);
	note('M');
	pthread_join(thread, NULL);
	show_order("new");
	thread = start(say, "l", SCHED_FIFO, LOW);
	pthread_t other = start(say, "k", SCHED_FIFO, LOW);
	note('m');
	pthread_setschedprio(other, MIDDLE); /* not above */
	note('M');
	pthread_setschedprio(thread, HIGH);
	note('X');
	pthread_join(thread, NULL);
	pthread_join(other, NULL);
	show_order("raised");
}

/* Of those that wait, the highest goes first, then who came first. */
static void *pass(void *letter)
{
	sem_wait(&second_gate);
	note(*(const char *)letter);
	return NULL;
}

static void in_line(void)
{
	static const struct { const char *letter; int priority; } waiters[] = { { "a", LOW }, { "b", MIDDLE }, { "c", LOW }, { "d", HIGH },
		{ "e", MIDDLE } };
	pthread_t threads[5];
	set_own(SCHED_FIFO, LOW - 1);
	for (int i = 0; i < 5; i++)
		threads[i] = start(pass, waiters[i].letter, SCHED_FIFO, waiters[i].priority);
	set_own(SCHED_FIFO, HIGH + 1);
	for (int i = 0; i < 5; i++)
		sem_post(&second_gate);
	note('m');
	set_own(SCHED_FIFO, LOW - 1); /* all of them run */
	note('M');
	for (int i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	show_order("by priority, then in order");
}

/* `p` computes, an equal `e` waits behind it, and a higher one wakes up and leaves again: `p` goes on. */
static void *compute_noting(void *letters)
{
	note(((const char *)letters)[0]);
	compute_until(&go);
	note(((const char *)letters)[1]);
	return NULL;
}

static void preempted(int policy, const char *name)
{
	go = 0;
	set_own(SCHED_FIFO, HIGH + 1);
	pthread_t high = start(sleep_and_run, NULL, SCHED_FIFO, HIGH), p = start(compute_noting, "pP", policy, LOW),
		  e = start(say, "e", policy, LOW);
	set_own(SCHED_FIFO, LOW - 1);
	pthread_join(high, NULL);
	pthread_join(p, NULL);
	pthread_join(e, NULL);
	show_order(name);
}

static void *yield(void *letters)
{
	note(((const char *)letters)[0]);
	sched_yield();
	note(((const char *)letters)[1]);
	sched_yield();
	note(((const char *)letters)[2]);
	return NULL;
}

static void yielding(void)
{
	set_own(SCHED_FIFO, HIGH);
	pthread_t threads[] = { start(yield, "aAa", SCHED_FIFO, MIDDLE), start(yield, "bBb", SCHED_FIFO, MIDDLE),
		start(yield, "cCc", SCHED_FIFO, LOW) };
	set_own(SCHED_FIFO, LOW - 1);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	show_order("yielding");
}

static void *lower_itself(void *argument)
{
	note('a');
	set_own(SCHED_FIFO, LOW); /* behind whoever is there */
	note('A');
	return argument;
}

static void lowering(void)
{
	set_own(SCHED_FIFO, HIGH + 1);
	pthread_t threads[] = { start(lower_itself, NULL, SCHED_FIFO, HIGH), start(say, "m", SCHED_FIFO, MIDDLE), start(say, "l", SCHED_FIFO, LOW) };
	set_own(SCHED_FIFO, LOW - 1);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	show_order("lowering");
}

/* pthread_setschedprio on threads that wait for the core: a raised one goes behind its new equals, a lowered one before them. */
static void moved(void)
{
	set_own(SCHED_FIFO, HIGH + 1);
	pthread_t threads[] = { start(say, "r", SCHED_FIFO, LOW), start(say, "m", SCHED_FIFO, MIDDLE), start(say, "l", SCHED_FIFO, HIGH) };
	pthread_setschedprio(threads[0], MIDDLE);
	pthread_setschedprio(threads[2], MIDDLE);
	set_own(SCHED_FIFO, LOW - 1);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	show_order("raised and lowered to the same");
}

static atomic_llong turns;

static void *count_turns(void *argument)
{
	while (!atomic_load(&stop))
		atomic_fetch_add(&turns, 1);
	return argument;
}

/* How long the other one of two that take turns has the core: its counter moved between two looks, which lie between three times. */
static long long turn_of_the_other(void)
{
	long long before = now_ns(CLOCK_MONOTONIC), seen = atomic_load(&turns), last = now_ns(CLOCK_MONOTONIC);
	for (;;) {
		long long count = atomic_load(&turns), now = now_ns(CLOCK_MONOTONIC);
		if (count != seen)
			return now - before;
		before = last;
		last = now;
	}
}

static void *measure(void *argument)
{
	show_within("turn in round robin", turn_of_the_other, 5 * MS, 200 * MS);
	atomic_store(&stop, 1);
	return argument;
}

static void round_robin(void)
{
	set_own(SCHED_FIFO, HIGH);
	pthread_t counts = start(count_turns, NULL, SCHED_RR, LOW), measures = start(measure, NULL, SCHED_RR, LOW);
	set_own(SCHED_FIFO, LOW - 1);
	pthread_join(counts, NULL);
	pthread_join(measures, NULL);
}

int main(void)
{
	sigset_t set;
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs is told by what is missing */
	alarm(20);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	sem_init(&gate, 0, 0);
	sem_init(&second_gate, 0, 0);
	pipe(ends);
	higher();
	in_line();
	preempted(SCHED_FIFO, "preempted, first in, first out");
	yielding();
	lowering();
	moved();
	round_robin();
	return 0;
}
