/* A program whose kernel never comes out of its trap entry; with an argument, it catches SIGTERM as well.
 * Link with -Wl,-e,hostile_start. */
#include <signal.h>
#include <stdio.h>

#include "../c/hostile.h"

static void spin(void *frame)
{
	(void)frame;
	for (;;)
		__asm__ volatile("pause");
}

static void on_signal(int signal)
{
	(void)signal;
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		signal(SIGTERM, on_signal);
	int64_t taken = call(SET_TRAP_ENTRY, (uint64_t)spin, 0, 0, 0, 0, 0);
	printf("ready %d\n", (int)taken);
	fflush(stdout);
	*(volatile int *)16 = 1;
	return 1;
}
