//# compilers: gcc clang
/* IFUNC and target_clones: the right version of a function is chosen at start. */
#include <stdio.h>

static int plain(int x) { return x + 1; }
static int chosen(int x) { return x + 1; }

static int resolved_early;

static int (*resolve(void))(int)
{
	__builtin_cpu_init();
	resolved_early = 1;
	return __builtin_cpu_supports("sse2") ? chosen : plain;
}

int successor(int x) __attribute__((ifunc("resolve")));

__attribute__((target_clones("avx2", "sse4.2", "default"))) int sum(const int *values, int count)
{
	int total = 0;
	for (int i = 0; i < count; i++)
		total += values[i] * (i & 3);
	return total;
}

int main(void)
{
	int values[1000];
	for (int i = 0; i < 1000; i++)
		values[i] = i;
	int (*pointer)(int) = successor;
	printf("%d %d %d %d\n", successor(41), pointer(1), resolved_early, sum(values, 1000));
	return 0;
}
