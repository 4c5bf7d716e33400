/* What signals are called, one after the other. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	for (int number = 1; number < 32; number++)
		printf("%2d %s\n", number, strsignal(number));
	fflush(stdout);
	psignal(SIGBUS, "the last");
	return 0;
}
