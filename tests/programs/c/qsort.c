/* qsort(3) and bsearch(3) over numbers, strings and structures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item {
	int key;
	char name[12];
};

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;
	return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_key(const void *a, const void *b)
{
	return ((const struct item *)a)->key - ((const struct item *)b)->key;
}

int main(void)
{
	static int numbers[100000];
	unsigned state = 1;
	for (int i = 0; i < 100000; i++) {
		state = state * 1103515245u + 12345u;
		numbers[i] = (int)(state >> 8) - (1 << 23);
	}
	qsort(numbers, 100000, sizeof *numbers, by_number);
	for (int i = 1; i < 100000; i++)
		if (numbers[i - 1] > numbers[i])
			return 1;
	printf("%d %d %d\n", numbers[0], numbers[50000], numbers[99999]);
	int *found = bsearch(&numbers[777], numbers, 100000, sizeof *numbers, by_number);
	printf("found %d\n", found && *found == numbers[777]);

	const char *words[] = { "pear", "apple", "fig", "", "banana", "Apple" };
	qsort(words, 6, sizeof *words, by_text);
	for (int i = 0; i < 6; i++)
		printf("<%s> ", words[i]);
	puts("");

	struct item items[] = { { 3, "three" }, { 1, "one" }, { 2, "two" } };
	qsort(items, 3, sizeof *items, by_key);
	for (int i = 0; i < 3; i++)
		printf("%d %s\n", items[i].key, items[i].name);
	return 0;
}
