//# status: 134
/* abort(3) does not flush and ends like SIGABRT. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	fputs("flushed\n", stdout);
	fflush(stdout);
	abort();
}
