//# cflags: -O0
/* backtrace finds who called, and texts for it. */
#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>

static void *addresses[64];
static int count;

__attribute__((noinline)) static void deep(int depth)
{
	if (depth > 0)
		deep(depth - 1);
	else
		count = backtrace(addresses, 64);
}

int main(void)
{
	deep(10);
	char **texts = backtrace_symbols(addresses, count);
	printf("%d %d\n", count >= 12, texts != NULL && texts[0] != NULL && texts[count - 1] != NULL);
	printf("%d\n", backtrace(addresses, 3));
	free(texts);
	return 0;
}
