//# status: 134
/* A handler for SIGABRT is called, and abort ends the program all the same. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void handler(int signal)
{
	(void)signal;
	write(1, "handler\n", 8);
}

int main(void)
{
	signal(SIGABRT, handler);
	abort();
}
