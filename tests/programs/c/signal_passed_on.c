//# cpus: 1 2
//# cflags: -pthread
/* A signal for the program that a thread was to take, and blocks just before it does, is taken by another one: the thread has two to
 * take, and the handler of the first blocks the second. All on core 0, so that the thread finds both. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static sem_t go, end;
static sigset_t usr1, both;
static pthread_t main_thread, other_thread;
static volatile sig_atomic_t first_handled, taken_by_other, taken_by_main, taken_meanwhile;

static void set_own_priority(int priority)
{
	/* Natively it may be forbidden, and order does not matter. */
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param) { priority });
}

/* Waits until the other one has handled the second; not for ever. */
static void first(int signal)
{
	(void)signal;
	first_handled = 1;
	for (int i = 0; i < 10000 && !taken_by_other; i++)
		usleep(1000);
	taken_meanwhile = taken_by_other;
}

static void second(int signal)
{
	(void)signal;
	if (pthread_equal(pthread_self(), other_thread))
		taken_by_other = 1;
	if (pthread_equal(pthread_self(), main_thread))
		taken_by_main = 1;
}

static void *take_the_second(void *argument)
{
	pthread_sigmask(SIG_SETMASK, &usr1, NULL);
	sem_post(&go);
	while (sem_wait(&end) != 0)
		;
	return argument;
}

/* Above the main thread, so that this one sends both before that one looks. */
static void *send(void *argument)
{
	set_own_priority(12);
	sem_post(&go);
	while (sem_wait(&end) != 0)
		;
	pthread_kill(main_thread, SIGUSR1);
	kill(getpid(), SIGUSR2);
	return argument;
}

int main(void)
{
	pthread_t sender;
	cpu_set_t core_0;
	struct sigaction action = { .sa_handler = first };
	CPU_ZERO(&core_0);
	CPU_SET(0, &core_0);
	pthread_setaffinity_np(pthread_self(), sizeof core_0, &core_0);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	both = usr1;
	sigaddset(&both, SIGUSR2);
	action.sa_mask = both;
	sigaction(SIGUSR1, &action, NULL);
	action.sa_handler = second;
	sigaction(SIGUSR2, &action, NULL);
	sem_init(&go, 0, 0);
	sem_init(&end, 0, 0);
	main_thread = pthread_self();
	set_own_priority(10);
	pthread_sigmask(SIG_BLOCK, &both, NULL);
	pthread_create(&sender, NULL, send, NULL);
	pthread_create(&other_thread, NULL, take_the_second, NULL);
	sem_wait(&go);
	sem_wait(&go);
	pthread_sigmask(SIG_UNBLOCK, &both, NULL);
	sem_post(&end); /* for the sender, who has waited longer */
	while (!first_handled)
		usleep(1000);
	sem_post(&end);
	pthread_join(sender, NULL);
	pthread_join(other_thread, NULL);
	printf("taken by another thread: %d, meanwhile: %d, by the main thread: %d\n", taken_by_other, taken_meanwhile, taken_by_main);
	return 0;
}
