/* __thread variables: initialised, zero, aligned, large, with their own addresses. */
#include <stdint.h>
#include <stdio.h>

__thread int initialised = 42;
__thread int zero;
__thread char text[16] = "thread local";
__thread double large[5000];
static __thread _Alignas(64) char aligned[64];
static __thread char odd[3] = "ab";
static __thread _Alignas(64) char aligned_text[64] = "aligned";
extern __thread int initialised;

__attribute__((noinline)) static int *address(void)
{
	return &initialised;
}

/* What an address is beyond a multiple of 64, which the compiler would rather tell than compute. */
static int beyond_64(const void *address)
{
	__asm__("" : "+r"(address));
	return (int)((uintptr_t)address % 64);
}

int main(void)
{
	printf("%d %d <%s> %d\n", initialised, zero, text, beyond_64(aligned));
	printf("%s %s %d\n", odd, aligned_text, beyond_64(aligned_text));
	for (int i = 0; i < 5000; i++)
		if (large[i] != 0)
			return 1;
	large[4999] = 1.5;
	*address() += 1;
	zero = initialised;
	printf("%d %g %d\n", zero, large[4999], address() == &initialised);
	return 0;
}
