//# status: 3
/* Handlers run in reverse order, also those that handlers add; then destructors; then the buffers are flushed. */
#include <stdio.h>
#include <stdlib.h>

static void first(void) { puts("first registered"); }
static void late(void) { puts("late: registered by a handler"); }
static void second(void) { puts("second registered"); atexit(late); }
static void numbered(void) { static int n; printf("handler %d\n", n++); }

__attribute__((destructor)) static void destructor(void) { puts("destructor"); }

int main(void)
{
	atexit(first);
	atexit(second);
	for (int i = 0; i < 40; i++)
		if (atexit(numbered))
			return 1;
	puts("main returns");
	return 3;
}
