/* Memory: memory malloc|blocks|touch.
 *
 * malloc: two threads allocate and free blocks of mixed sizes; the time of one malloc with the free of an older block.
 * blocks: allocating 256 blocks of 1 MiB, and then touching all of their pages; the time of one block.
 * touch: writing to each page of fresh memory, the call to mmap included; the time of one page of 4 KiB.
 */
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "figure.h"

enum { THREADS = 2, SLOTS = 1024, BLOCKS = 400000, REPEATS = 5, PAGE = 4096 };

static pthread_barrier_t start_line;
static double started_ns[THREADS], ended_ns[THREADS];

/* Sizes as programs have them: most are small, one in 64 is up to 64 KiB. */
static size_t some_size(uint64_t random)
{
	size_t size = 1 + (random >> 8) % 512;
	if (random % 8 == 0)
		size *= 8;
	return random % 64 == 0 ? size * 16 : size;
}

static void *allocate(void *argument)
{
	static _Thread_local char *slots[SLOTS];
	uintptr_t me = (uintptr_t) argument;
	uint64_t random = me + 1;
	pthread_barrier_wait(&start_line);
	started_ns[me] = now_ns();
	for (int i = 0; i < BLOCKS; ++i) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		char **slot = &slots[(random >> 54) % SLOTS];
		free(*slot);
		size_t size = some_size(random >> 20);
		*slot = malloc(size);
		must(*slot != NULL, "malloc");
		(*slot)[0] = (*slot)[size - 1] = 1;
	}
	ended_ns[me] = now_ns();
	for (int i = 0; i < SLOTS; ++i)
		free(slots[i]);
	return NULL;
}

static double allocate_on_all(void)
{
	pthread_t threads[THREADS];
	pthread_barrier_init(&start_line, NULL, THREADS);
	for (uintptr_t i = 0; i < THREADS; ++i)
		must(pthread_create(&threads[i], NULL, allocate, (void *) i) == 0, "pthread_create");
	double started = 1e300, ended = 0;
	for (int i = 0; i < THREADS; ++i) {
		pthread_join(threads[i], NULL);
		started = started < started_ns[i] ? started : started_ns[i];
		ended = ended > ended_ns[i] ? ended : ended_ns[i];
	}
	pthread_barrier_destroy(&start_line);
	return (ended - started) / BLOCKS;
}

static double touch(size_t bytes)
{
	double start = now_ns();
	char *fresh = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(fresh != MAP_FAILED, "mmap");
	for (size_t at = 0; at < bytes; at += PAGE)
		((volatile char *) fresh)[at] = 1;
	double ns = (now_ns() - start) / ((double) bytes / PAGE);
	munmap(fresh, bytes);
	return ns;
}

static void print_touch(const char *label, size_t bytes, int rounds)
{
	double best = 1e300;
	for (int repeat = 0; repeat < REPEATS * rounds; ++repeat)
		best = smaller(best, touch(bytes));
	print_figure(label, best);
}

static void allocate_blocks(double *untouched, double *touched)
{
	enum { COUNT = 256, BYTES = 1 << 20 };
	static char *blocks[COUNT];
	double start = now_ns();
	for (int i = 0; i < COUNT; ++i)
		must((blocks[i] = malloc(BYTES)) != NULL, "malloc");
	*untouched = smaller(*untouched, (now_ns() - start) / COUNT);
	for (int i = 0; i < COUNT; ++i)
		for (int at = 0; at < BYTES; at += PAGE)
			((volatile char *) blocks[i])[at] = 1;
	*touched = smaller(*touched, (now_ns() - start) / COUNT);
	for (int i = 0; i < COUNT; ++i)
		free(blocks[i]);
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	if (strcmp(what, "malloc") == 0) {
		double best = 1e300;
		for (int repeat = 0; repeat < REPEATS; ++repeat)
			best = smaller(best, allocate_on_all());
		print_figure("malloc", best);
	} else if (strcmp(what, "blocks") == 0) {
		double untouched = 1e300, touched = 1e300;
		for (int repeat = 0; repeat < REPEATS; ++repeat)
			allocate_blocks(&untouched, &touched);
		print_figure("untouched", untouched);
		print_figure("touched", touched);
	} else if (strcmp(what, "touch") == 0) {
		print_touch("256MiB", (size_t) 256 << 20, 1);
		print_touch("16MiB", (size_t) 16 << 20, 2);
		print_touch("1MiB", (size_t) 1 << 20, 20);
	} else {
		return 2;
	}
	return 0;
}
