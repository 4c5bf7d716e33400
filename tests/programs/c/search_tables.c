/* <search.h>: trees, hash tables, lists and arrays. */
#define _GNU_SOURCE
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int compare_ints(const void *a, const void *b)
{
	return *(const int *) a - *(const int *) b;
}

static void print(const void *node, VISIT order, int level)
{
	(void) level;
	if (order == postorder || order == leaf)
		printf("%s ", *(char *const *) node);
}

static int freed;

static void count(void *key)
{
	(void) key;
	++freed;
}

static void trees(void)
{
	static const char *const words[] = {"m", "c", "x", "a", "d", "z", "b"};
	void *root = NULL;
	for (int i = 0; i < 7; ++i)
		tsearch(words[i], &root, compare);
	twalk(root, print);
	printf("%s %d\n", *(char **) tfind("d", &root, compare), tfind("q", &root, compare) != NULL);
	printf("%d\n", tdelete("m", &root, compare) != NULL);
	twalk(root, print);
	tdestroy(root, count);
	printf("%d\n", freed);
	static int numbers[20000];
	root = NULL;
	for (int i = 0; i < 20000; ++i) {
		numbers[i] = i;
		tsearch(&numbers[i], &root, compare_ints); /* in order: a tree that is not balanced takes minutes */
	}
	printf("%d\n", **(int **) tfind(&numbers[19999], &root, compare_ints));
	tdestroy(root, count);
}

static void hashes(void)
{
	struct hsearch_data table = {0};
	ENTRY *found;
	hcreate(30);
	hsearch((ENTRY){"one", "1"}, ENTER);
	printf("%d %s\n", hsearch((ENTRY){"two", NULL}, FIND) == NULL, (char *) hsearch((ENTRY){"one", NULL}, FIND)->data);
	hdestroy();
	printf("%d ", hcreate_r(10, &table) != 0);
	printf("%d ", hsearch_r((ENTRY){"k", "v"}, ENTER, &found, &table) != 0);
	printf("%s\n", (char *) found->data);
	hdestroy_r(&table);
}

struct element {
	struct element *next, *before;
};

int main(void)
{
	int numbers[10] = {5, 3}, wanted = 7;
	size_t known = 2;
	struct element first = {0}, second;
	trees();
	hashes();
	printf("%d ", lfind(&wanted, numbers, &known, sizeof(int), compare_ints) == NULL);
	lsearch(&wanted, numbers, &known, sizeof(int), compare_ints);
	printf("%zu %d\n", known, numbers[2]);
	insque(&first, NULL);
	insque(&second, &first);
	printf("%d %d ", first.next == &second, second.before == &first);
	remque(&second);
	printf("%d\n", first.next == NULL);
	return 0;
}
