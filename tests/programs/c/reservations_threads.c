//# isles: process
//# cpus: 1 2 4
//# cflags: -pthread
/* Threads take pages of their reservations into use and give them up, beside ordinary mappings: fresh pages are zero, and nobody's are
 * another's. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { THREADS = 4, ROUNDS = 2000, PAGE = 4096, PAGES = 2048 };

static const int rw = PROT_READ | PROT_WRITE, anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
static const long each = 1L << 30;

static char *all;
static int wrong;

static void note(int is_wrong)
{
	if (is_wrong)
		__atomic_add_fetch(&wrong, 1, __ATOMIC_SEQ_CST);
}

static void map_elsewhere(long bytes)
{
	char *fresh = mmap(NULL, bytes, rw, anonymous, -1, 0);
	note(fresh == MAP_FAILED);
	for (long at = 0; fresh != MAP_FAILED && at < bytes; at += PAGE)
		note(fresh[at] != 0);
	memset(fresh, THREADS + 1, bytes);
	munmap(fresh, bytes);
}

static void *work(void *argument)
{
	const long id = (long)argument;
	char *mine = all + id * each;
	unsigned random = id;
	for (int round = 0; round < ROUNDS; round++) {
		random = random * 1103515245 + 12345;
		char *piece = mine + (random >> 8) % PAGES * (long)PAGE;
		const long bytes = ((random >> 4) % 64 + 1) * (long)PAGE;
		switch (random >> 28 & 3) {
		case 0:
			note(mmap(piece, bytes, PROT_NONE, anonymous | MAP_FIXED, -1, 0) != piece);
			break;
		case 1:
			map_elsewhere(bytes);
			break;
		default:
			note(mprotect(piece, bytes, rw) != 0);
			memset(piece, (int)id + 1, bytes);
		}
	}
	note(mprotect(mine, PAGES * (long)PAGE, rw) != 0);
	for (long at = 0; at < PAGES * (long)PAGE; at += 64)
		note(mine[at] != 0 && mine[at] != id + 1);
	note(munmap(mine, each) != 0);
	return NULL;
}

int main(void)
{
	for (int turn = 0; turn < 2; turn++) {
		pthread_t threads[THREADS];
		all = mmap(NULL, THREADS * each, PROT_NONE, anonymous, -1, 0);
		for (long id = 0; id < THREADS; id++)
			pthread_create(&threads[id], NULL, work, (void *)id);
		for (int id = 0; id < THREADS; id++)
			pthread_join(threads[id], NULL);
		/* What was lent is RAM again. */
		map_elsewhere(64L << 20);
		printf("wrong: %d\n", wrong);
	}
	return 0;
}
