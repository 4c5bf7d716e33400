//# cpus: 1 2
/* setitimer(ITIMER_REAL) ticks during pure computation, can be asked, and stops. */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t ticks;

static void tick(int signal)
{
	ticks += signal == SIGALRM;
}

int main(void)
{
	struct itimerval every = { { 0, 5000 }, { 0, 10000 } }, off = { 0 }, left;
	signal(SIGALRM, tick);
	printf("set %d", setitimer(ITIMER_REAL, &every, NULL));
	while (ticks < 10)
		;
	printf(" get %d", getitimer(ITIMER_REAL, &left));
	printf(" interval %ld left %d\n", (long)left.it_interval.tv_usec, left.it_value.tv_sec == 0 && left.it_value.tv_usec <= 5000);
	printf("off %d", setitimer(ITIMER_REAL, &off, &left));
	printf(" old interval %ld\n", (long)left.it_interval.tv_usec);
	int seen = ticks;
	usleep(30000);
	printf("more %d\n", ticks - seen);
	every = (struct itimerval) { { 0, 0 }, { 0, 2000000 } };
	printf("bad %d\n", setitimer(ITIMER_REAL, &every, NULL));
	printf("alarm %u", alarm(100));
	printf(" left %u\n", alarm(0));
	return 0;
}
