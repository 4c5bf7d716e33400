/* Moving memory: copy memcpy|memset; one figure for each size from 64 B to 64 MiB. */
#include <stdlib.h>
#include <string.h>

#include "figure.h"

enum { REPEATS = 7 };
static const size_t LARGEST = (size_t) 64 << 20;

/* Through a pointer, so that the compiler cannot know the size or leave a call out. */
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile set)(void *, int, size_t) = memset;

static void label_of(char *label, size_t size)
{
	const char *unit = size >= 1 << 20 ? "MiB" : size >= 1024 ? "KiB" : "B";
	snprintf(label, 16, "%zu%s", size >= 1 << 20 ? size >> 20 : size >= 1024 ? size >> 10 : size, unit);
}

int main(int argc, char **argv)
{
	int sets = argc == 2 && strcmp(argv[1], "memset") == 0;
	if (!sets && (argc != 2 || strcmp(argv[1], "memcpy") != 0))
		return 2;
	char *from = aligned_alloc(4096, LARGEST), *to = aligned_alloc(4096, LARGEST);
	must(from != NULL && to != NULL, "aligned_alloc");
	memset(from, 1, LARGEST);
	memset(to, 2, LARGEST);
	for (size_t size = 64; size <= LARGEST; size *= 4) {
		char label[16];
		label_of(label, size);
		/* Long enough for the clock, and at least once. */
		long count = size >= 16 << 20 ? 1 : (long) (((size_t) 16 << 20) / (size + 256));
		if (sets)
			FIGURE(label, REPEATS, count, set(to, (int) turn, size));
		else
			FIGURE(label, REPEATS, count, copy(to, from, size));
	}
	return 0;
}
