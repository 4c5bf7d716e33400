//# status: 143
/* A signal without handler ends the program: 128 + SIGTERM. */
#include <signal.h>
#include <stdio.h>

int main(void)
{
	puts("before");
	fflush(stdout);
	raise(SIGTERM);
	puts("after");
	return 0;
}
