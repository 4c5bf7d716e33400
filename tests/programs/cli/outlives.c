/* Waits for SIGUSR1, while its image is changed, and goes on with code and constants that it has not touched before. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So large that nothing reads ahead of it. */
static const char constants[1 << 20] __attribute__((aligned(4096))) = { [(1 << 20) - 1] = 100 };

static volatile sig_atomic_t went_on;

static void go_on(int signal)
{
	(void)signal;
	went_on = 1;
}

static __attribute__((noinline, section(".text.unlikely"), aligned(65536))) int sum(int last)
{
	int sum = 0;
	for (int i = 1; i <= last; i++)
		sum += i;
	return sum;
}

int main(int argc, char **argv)
{
	signal(SIGUSR1, go_on);
	puts("ready");
	fflush(stdout);
	while (!went_on)
		sleep(1);
	printf("fresh code and constants: %d\n", sum(constants[(1 << 20) - 1]));
	fflush(stdout);
	if (argc > 1 && strcmp(argv[1], "aborts") == 0)
		abort();
	return 7;
}
