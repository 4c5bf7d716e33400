//# isles: qemu
//# cpus: 1 2
//# compare: none
//# stdout: computing: none\nsleeping: some\na microsecond timer, its signal pending: none\n
/* No tick: a core that computes takes no interrupt, and the counter that says so counts. */
#include <hermit/syscall.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void compute_ms(long duration_ms)
{
	struct timespec start, now;
	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < duration_ms);
}

static void show(const char *what, long before)
{
	printf("%s: %s\n", what, sys_interrupts() == before ? "none" : "some");
}

int main(void)
{
	long before = sys_interrupts();
	compute_ms(200);
	show("computing", before);
	before = sys_interrupts();
	/* A core that looks a little longer before it sleeps may see the end of a short sleep by itself. */
	for (int i = 0; i < 100 && sys_interrupts() == before; ++i)
		usleep(20000);
	show("sleeping", before);
	sigset_t pending, alarm;
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarm, NULL);
	struct itimerval microsecond = {{0, 1}, {0, 1}};
	setitimer(ITIMER_REAL, &microsecond, NULL);
	do
		sigpending(&pending);
	while (!sigismember(&pending, SIGALRM));
	before = sys_interrupts();
	compute_ms(50);
	show("a microsecond timer, its signal pending", before);
	return 0;
}
