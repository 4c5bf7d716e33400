/* __thread variables: initialised, zero, aligned, large, with their own addresses. */
#include <stdint.h>
#include <stdio.h>

__thread int initialised = 42;
__thread int zero;
__thread char text[16] = "thread local";
__thread double large[5000];
static __thread _Alignas(64) char aligned[64];
extern __thread int initialised;

__attribute__((noinline)) static int *address(void)
{
	return &initialised;
}

int main(void)
{
	printf("%d %d <%s> %d\n", initialised, zero, text, (int)((uintptr_t)aligned % 64));
	for (int i = 0; i < 5000; i++)
		if (large[i] != 0)
			return 1;
	large[4999] = 1.5;
	*address() += 1;
	zero = initialised;
	printf("%d %g %d\n", zero, large[4999], address() == &initialised);
	return 0;
}
