//# status: 42
/* exit(3) flushes, _exit is what remains of the status. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	printf("flushed by exit");
	exit(42);
}
