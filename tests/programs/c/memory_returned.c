//# isles: process
/* Memory that was unmapped goes back to the host, all but a little, and what is mapped again reads as zero. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "raw_system_call.h"

enum { MIB = 1 << 20, READ = 0, CLOSE = 3, OPENAT = 257 /* numbers of Linux's system calls */ };

static char *map(size_t bytes)
{
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		puts("no memory");
		exit(1);
	}
	return memory;
}

/* What the host has given this process, in MiB. The file of that name which the kernel shows tells what is mapped; the host's own is
 * asked for behind its back. */
static long resident_mib(void)
{
	long total, resident = -1;
	char text[256] = "";
	long file = raw(OPENAT, AT_FDCWD, (long) "/proc/self/statm", O_RDONLY, 0);
	raw(READ, file, (long) text, sizeof text - 1, 0);
	if (sscanf(text, "%ld %ld", &total, &resident) != 2)
		puts("no /proc/self/statm");
	raw(CLOSE, file, 0, 0, 0);
	return resident * 4096 / MIB;
}

static int is_zero(const char *memory, size_t bytes)
{
	for (size_t i = 0; i < bytes; ++i)
		if (memory[i] != 0)
			return 0;
	return 1;
}

int main(void)
{
	long before = resident_mib();
	char *large = map(256 * MIB);
	memset(large, 1, 256 * MIB);
	printf("in use: %s\n", resident_mib() - before >= 256 ? "resident" : "not resident");
	munmap(large, 256 * MIB);
	printf("unmapped: %s\n", resident_mib() - before < 64 ? "returned" : "kept");
	static const size_t sizes[] = { 4096, MIB, 16 * MIB, 3 * MIB + 4096, 40 * MIB, 64 * 1024, 2 * MIB };
	for (int round = 0; round < 21; ++round) {
		size_t first = sizes[round % 7], second = sizes[round * 3 % 7];
		char *a = map(first), *b = map(second);
		if (!is_zero(a, first) || !is_zero(b, second))
			printf("round %d: not zero\n", round);
		memset(a, 0xff, first);
		memset(b, 0xee, second);
		munmap(a, first);
		munmap(b, second);
	}
	printf("after some rounds: %s\n", resident_mib() - before < 64 ? "returned" : "kept");
	return 0;
}
