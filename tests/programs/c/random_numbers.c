/* rand, random and drand48 give the same numbers as on Linux, and qsort keeps equal elements in order. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

struct element {
	int key, place;
};

static int by_key(const void *a, const void *b)
{
	return ((const struct element *)a)->key - ((const struct element *)b)->key;
}

int main(void)
{
	printf("%d %d %d\n", rand(), rand() != 0, RAND_MAX);
	srand(42);
	printf("%d\n", rand());
	srandom(7);
	for (int i = 0; i < 40; i++)
		printf("%ld%c", random(), i % 8 == 7 ? '\n' : ' ');
	static char state[256];
	for (size_t size = 8; size <= sizeof state; size *= 2) {
		char *before = initstate(99, state, size);
		long first = random(), second = random();
		setstate(before);
		long other = random();
		setstate(state);
		printf("%zu %ld %ld %ld %ld\n", size, first, second, other, random());
		setstate(before);
	}
	unsigned seed = 5;
	printf("%d", rand_r(&seed));
	printf(" %d\n", rand_r(&seed));
	srand48(3);
	printf("%.17g", drand48());
	printf(" %ld", lrand48());
	printf(" %ld\n", mrand48());
	static struct element elements[1000];
	for (int i = 0; i < 1000; i++)
		elements[i] = (struct element){ rand() % 20, i };
	qsort(elements, 1000, sizeof *elements, by_key);
	for (int i = 0; i < 1000; i += 9)
		printf("%d:%d%c", elements[i].key, elements[i].place, i % 90 == 81 ? '\n' : ' ');
	putchar('\n');
	return 0;
}
