//# status: 7
/* _exit(2) flushes nothing and calls no handlers. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void never(void)
{
	write(1, "never\n", 6);
}

int main(void)
{
	atexit(never);
	printf("lost in the buffer");
	_exit(7);
}
