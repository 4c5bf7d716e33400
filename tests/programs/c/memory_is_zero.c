//# cpus: 1 2
//# cflags: -pthread
//# mem: 1G
//# env: HERMIT_TMPFS=1
/* Memory and files read as zero where they must, whatever was there before: mappings over many parts that were used, calloc of every size after
 * free of the same, bss, thread-locals, pages given up by MADV_DONTNEED and mremap, holes and growth of files of the host and in /tmp. */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "show.h"

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

static unsigned char in_bss[3 * 1024 * 1024 + 5];

static unsigned char *map(size_t len)
{
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

/* Not for the compiler to leave out before free. */
__attribute__((noipa)) static void *fill(void *memory, int with, size_t len)
{
	return memset(memory, with, len);
}

static size_t nonzero(const void *memory, size_t len)
{
	const unsigned char *bytes = memory;
	size_t count = 0, words = len / 8;
	for (size_t i = 0; i < words; i++)
		if (((const uint64_t *)memory)[i] != 0)
			count += 8;
	for (size_t i = words * 8; i < len; i++)
		count += bytes[i] != 0;
	return count;
}

/* Dirty pieces, large and small in turn, so that what is free is in many parts when one mapping takes them all. */
static void over_parts(size_t large, size_t small, int pieces)
{
	size_t len = pieces * (large + small), bad = 0;
	unsigned char *used = map(40 * MIB), *all = map(len), *wall = map(4096);
	fill(used, 7, 40 * MIB); /* more than is kept */
	fill(all, 7, len);
	for (size_t at = 0; at < 40 * MIB; at += 128 * KIB)
		munmap(used + at, 128 * KIB);
	for (int i = 0; i < pieces; i++) {
		munmap(all + i * (large + small), large);
		munmap(all + i * (large + small) + large, small);
	}
	unsigned char *again[4];
	for (int i = 0; i < 4; i++) {
		again[i] = map(len);
		bad += again[i] ? nonzero(again[i], len) : 1;
	}
	for (int i = 0; i < 4; i++)
		munmap(again[i], len);
	printf("over %d parts of %zu and %zu KiB: %zu, %d\n", pieces, large / KIB, small / KIB, bad, wall != NULL);
	munmap(wall, 4096);
}

static void of_calloc(void)
{
	size_t bad = 0, blocks = 0;
	for (size_t size = 1; size <= 16 * MIB; size = size < 64 ? size + 1 : size + size / 3) {
		unsigned char *dirty[4];
		int count = size < MIB ? 4 : 2;
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < count; i++)
				fill(dirty[i] = malloc(size), 0xa5, size);
			for (int i = 0; i < count; i++)
				free(dirty[i]);
			for (int i = 0; i < count; i++) {
				dirty[i] = calloc(1, size);
				bad += nonzero(dirty[i], size);
				fill(dirty[i], 0x5a, size);
				blocks++;
			}
			for (int i = 0; i < count; i++)
				free(dirty[i]);
		}
	}
	printf("calloc of %zu blocks: %zu\n", blocks, bad);
	/* What mmap has used before malloc takes it, and what malloc aligns. */
	bad = 0;
	for (size_t size = MIB; size <= 16 * MIB; size *= 2) {
		unsigned char *used = map(size);
		fill(used, 7, size);
		munmap(used, size);
		unsigned char *block = calloc(size / 16, 16);
		bad += nonzero(block, size);
		fill(block, 1, size);
		void *aligned = NULL;
		if (posix_memalign(&aligned, 64 * KIB, size) != 0 || (uintptr_t)aligned % (64 * KIB) != 0)
			bad++;
		fill(aligned, 2, size);
		free(aligned);
		free(block);
		block = calloc(1, size + 64 * KIB);
		bad += nonzero(block, size + 64 * KIB);
		block = realloc(fill(block, 3, size), 2 * size);
		bad += block[size - 1] != 3;
		free(block);
	}
	printf("calloc after mmap and aligned blocks: %zu\n", bad);
}

static void of_pages(void)
{
	unsigned char *pages = map(64 * 4096);
	fill(pages, 9, 64 * 4096);
	SHOW(madvise(pages + 3 * 4096, 50 * 4096, MADV_DONTNEED));
	SHOW(nonzero(pages + 3 * 4096, 50 * 4096));
	SHOW(nonzero(pages, 3 * 4096));
	SHOW(munmap(pages + 32 * 4096, 32 * 4096));
	pages = mremap(pages, 32 * 4096, 128 * 4096, MREMAP_MAYMOVE);
	SHOW(nonzero(pages + 32 * 4096, 96 * 4096));
	fill(pages, 9, 128 * 4096);
	unsigned char *fixed = mmap(pages + 5 * 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	SHOW(fixed == pages + 5 * 4096);
	SHOW(nonzero(fixed, 4096));
	SHOW(pages[5 * 4096 - 1] + pages[6 * 4096]);
	SHOW(mprotect(pages, 128 * 4096, PROT_NONE));
	SHOW(munmap(pages, 128 * 4096));
}

static __thread unsigned char own[200 * 1024];

static void *dirty_own(void *argument)
{
	size_t bad = nonzero(own, sizeof own);
	fill(own, 0xee, sizeof own);
	return (char *)argument + bad;
}

static void of_threads(void)
{
	size_t bad = 0;
	for (int i = 0; i < 50; i++) {
		pthread_t thread;
		void *result = NULL;
		if (pthread_create(&thread, NULL, dirty_own, NULL) != 0 || pthread_join(thread, &result) != 0)
			bad++;
		bad += (size_t)result;
	}
	printf("thread-locals: %zu\n", bad);
}

static void of_file(const char *path)
{
	static unsigned char bytes[300 * 1024];
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	printf("%s:\n", path);
	fill(bytes, 'x', sizeof bytes);
	SHOW(write(fd, bytes, sizeof bytes));
	SHOW(ftruncate(fd, 1000));
	SHOW(ftruncate(fd, 200000));
	SHOW(pread(fd, bytes, sizeof bytes, 0));
	SHOW(nonzero(bytes, 1000));
	SHOW(nonzero(bytes + 1000, 199000));
	SHOW(ftruncate(fd, 0));
	SHOW(pwrite(fd, "end", 3, 150000)); /* a hole before it */
	fill(bytes, 'x', sizeof bytes);
	SHOW(pread(fd, bytes, sizeof bytes, 0));
	SHOW(nonzero(bytes, 150000));
	SHOW(ftruncate(fd, 150001));
	SHOW(lseek(fd, 160000, SEEK_SET));
	SHOW(write(fd, "end", 3)); /* and one behind what was cut off */
	SHOW(pread(fd, bytes, sizeof bytes, 0));
	SHOW(bytes[150000]);
	SHOW(nonzero(bytes + 150001, 9999));
	SHOW(posix_fallocate(fd, 0, 200000));
	SHOW(pread(fd, bytes, sizeof bytes, 160003));
	SHOW(nonzero(bytes, 39997));
	/* The rest of the last page of a mapping. */
	unsigned char *mapped = mmap(NULL, 200000, PROT_READ, MAP_PRIVATE, fd, 0);
	SHOW(nonzero(mapped + 200000, 704));
	SHOW(munmap(mapped, 200000));
	close(fd);
	unlink(path);
}

int main(void)
{
	char folder[] = "/tmp/memory-is-zero-XXXXXX";
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	SHOW(nonzero(in_bss, sizeof in_bss));
	over_parts(256 * KIB, 4 * KIB, 64);
	over_parts(4 * KIB, 4 * KIB, 64);
	over_parts(300 * KIB, 60 * KIB, 5);
	of_calloc();
	of_pages();
	of_threads();
	of_file("file");
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 1;
	of_file("file");
	chdir("/");
	SHOW(rmdir(folder));
	return 0;
}
