//# cpus: 1 2 4
//# cflags: -pthread
/* Clocks that run while CPU time is used: a thread's own, another's, the program's; sleeps and timers on them; getrusage. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

static long ms(clockid_t clock)
{
	struct timespec now = { -1, 0 };
	clock_gettime(clock, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void use_ms(long wanted)
{
	long end = ms(CLOCK_THREAD_CPUTIME_ID) + wanted;
	while (ms(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

static atomic_int go;

static void *worker(void *argument)
{
	use_ms((intptr_t)argument);
	while (!atomic_load(&go))
		usleep(1000);
	return NULL;
}

static void of_threads(void)
{
	pthread_t thread;
	clockid_t clock;
	struct timespec some = { 0, 20000000 };
	long all = ms(CLOCK_PROCESS_CPUTIME_ID);
	pthread_create(&thread, NULL, worker, (void *)(intptr_t)60);
	SHOW(pthread_getcpuclockid(thread, &clock));
	SHOW(clock_getres(clock, NULL));
	SHOW(clock_nanosleep(clock, 0, &some, NULL)); /* until the other one has used 20 ms */
	SHOW(ms(clock) >= 20);
	while (ms(clock) < 60)
		usleep(1000);
	SHOW(ms(CLOCK_PROCESS_CPUTIME_ID) - all >= 60);
	atomic_store(&go, 1);
	pthread_join(thread, NULL);
	SHOW(ms(CLOCK_PROCESS_CPUTIME_ID) - all >= 60);
	struct timespec long_time = { 0, 300000000 };
	long own = ms(CLOCK_THREAD_CPUTIME_ID);
	SHOW(nanosleep(&long_time, NULL));
	SHOW(ms(CLOCK_THREAD_CPUTIME_ID) - own < 200); /* sleeping costs nothing */
	SHOW(pthread_getcpuclockid(pthread_self(), &clock));
	SHOW(ms(clock) == ms(CLOCK_THREAD_CPUTIME_ID) || ms(clock) <= ms(CLOCK_THREAD_CPUTIME_ID));
	SHOW(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &some, NULL) == EINVAL);
	SHOW(clock_getcpuclockid(0, &clock));
	SHOW(ms(clock) >= 60);
}

static pthread_t main_thread;
static sem_t used, looked_at;

/* What all threads but the main one, which waits, have used. */
static long ms_of_others(clockid_t of_main)
{
	return ms(CLOCK_PROCESS_CPUTIME_ID) - ms(of_main);
}

/* Does not look at its own clock, since a clock never goes back once it was looked at. */
static void *use_unseen(void *argument)
{
	clockid_t of_main;
	pthread_getcpuclockid(main_thread, &of_main);
	long end = ms_of_others(of_main) + 200;
	while (ms_of_others(of_main) < end)
		;
	sem_post(&used);
	sem_wait(&looked_at);
	return argument;
}

/* What a thread has used stays its own when others run. */
static void charged_to_its_user(void)
{
	pthread_t thread;
	clockid_t clock;
	main_thread = pthread_self();
	sem_init(&used, 0, 0);
	sem_init(&looked_at, 0, 0);
	pthread_create(&thread, NULL, use_unseen, NULL);
	pthread_getcpuclockid(thread, &clock);
	while (sem_wait(&used) != 0)
		;
	SHOW(ms(clock) >= 150);
	sem_post(&looked_at);
	pthread_join(thread, NULL);
}

static volatile sig_atomic_t ticks;

static void tick(int sig)
{
	(void)sig;
	ticks++;
}

static void timers(void)
{
	timer_t timer;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec every = { { 0, 10000000 }, { 0, 20000000 } }, left;
	struct itimerval virtual = { { 0, 10000 }, { 0, 20000 } }, off = { { 0, 0 }, { 0, 0 } };
	struct timespec pause = { 0, 60000000 };
	signal(SIGUSR1, tick);
	signal(SIGVTALRM, tick);
	SHOW(timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer));
	SHOW(timer_settime(timer, 0, &every, NULL));
	SHOW(nanosleep(&pause, NULL)); /* uses no CPU time */
	SHOW(ticks);
	SHOW(timer_gettime(timer, &left));
	SHOW(left.it_value.tv_nsec > 5000000);
	long start = ms(CLOCK_PROCESS_CPUTIME_ID);
	while (ticks < 2) /* a busy host may bring them late, never early: the first after 10 ms, the second after 20 ms more */
		;
	SHOW(ms(CLOCK_PROCESS_CPUTIME_ID) - start >= 20);
	SHOW(timer_delete(timer));
	ticks = 0;
	SHOW(setitimer(ITIMER_VIRTUAL, &virtual, NULL));
	SHOW(nanosleep(&pause, NULL));
	SHOW(ticks);
	while (ticks < 3)
		;
	SHOW(setitimer(ITIMER_VIRTUAL, &off, NULL));
}

int main(void)
{
	struct rusage usage;
	struct tms ticks;
	charged_to_its_user();
	of_threads();
	timers();
	long used = ms(CLOCK_PROCESS_CPUTIME_ID);
	SHOW(getrusage(RUSAGE_SELF, &usage));
	long told = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
	SHOW(told >= used - 20 && told <= ms(CLOCK_PROCESS_CPUTIME_ID) + 20);
	SHOW(times(&ticks) != -1);
	SHOW((ticks.tms_utime + ticks.tms_stime) * 10 >= used - 50);
	return 0;
}
