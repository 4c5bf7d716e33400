//# mem: 3G
//# cpus: 1 2
//# cflags: -pthread
/*
 * More memory than an isle has from the beginning, taken in small and in large pieces, by several threads at once: all of it is zero, nobody
 * else's, and there to be used again.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { THREADS = 4, PIECES = 5, PAGE = 4096 };
#define MIB ((size_t)1 << 20)

static int faults;

static void expect(int ok, const char *what)
{
	if (!ok) {
		__atomic_add_fetch(&faults, 1, __ATOMIC_RELAXED);
		printf("not %s\n", what);
	}
}

/* Marks a page in each MiB, which is zero before. */
static void mark(unsigned char *start, size_t length, unsigned char with)
{
	for (size_t at = 0; at < length; at += MIB) {
		expect(start[at] == 0 && start[at + PAGE - 1] == 0, "zero");
		memset(start + at, with, PAGE);
	}
}

static int is_marked(const unsigned char *start, size_t length, unsigned char with)
{
	for (size_t at = 0; at < length; at += MIB)
		if (start[at] != with || start[at + PAGE - 1] != with)
			return 0;
	return 1;
}

static size_t length_of(size_t piece)
{
	return (8 + 8 * piece) * MIB;
}

static void *take(void *argument)
{
	const unsigned char with = 1 + (uintptr_t)argument;
	unsigned char *pieces[PIECES];
	for (size_t i = 0; i < PIECES; i++) {
		const size_t length = length_of(i);
		pieces[i] = i % 2 ? calloc(1, length) : mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (!pieces[i] || pieces[i] == MAP_FAILED) {
			expect(0, "enough memory");
			return NULL;
		}
		mark(pieces[i], length, with + 16 * i);
	}
	for (size_t i = 0; i < PIECES; i++) {
		const size_t length = length_of(i);
		expect(is_marked(pieces[i], length, with + 16 * i), "mine alone");
		if (i % 2)
			free(pieces[i]);
		else
			munmap(pieces[i], length);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	unsigned char *large;
	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, take, (void *)i))
			return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	/* More in one piece than there has been before, and far more than there can be. */
	large = calloc(1, 900 * MIB);
	expect(large != NULL, "as much in one piece");
	if (large) {
		mark(large, 900 * MIB, 255);
		free(large);
	}
	expect(malloc(SIZE_MAX / 4) == NULL, "more than there is");
	printf("%d faults\n", faults);
	return faults != 0;
}
