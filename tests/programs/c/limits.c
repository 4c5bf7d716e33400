/* getrlimit, setrlimit: memory that the program forbids itself; sync. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define MIB (1024l * 1024)

static const char *can_map(long bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return strerror(errno);
	munmap(memory, bytes);
	return "yes";
}

static const char *sets(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit limit = { soft, hard };
	return setrlimit(resource, &limit) == 0 ? "yes" : strerror(errno);
}

int main(void)
{
	struct rlimit before, after;
	printf("%d\n", getrlimit(RLIMIT_AS, &before));
	printf("64 MiB %s, 16 MiB %s\n", can_map(64 * MIB), can_map(16 * MIB));
	printf("limit of 48 MiB: %s\n", sets(RLIMIT_AS, 48 * MIB, before.rlim_max));
	getrlimit(RLIMIT_AS, &after);
	printf("%ld MiB, hard limit as before: %d\n", (long) after.rlim_cur / MIB, after.rlim_max == before.rlim_max);
	printf("64 MiB %s, 16 MiB %s\n", can_map(64 * MIB), can_map(16 * MIB));
	printf("malloc %s\n", malloc(80 * MIB) ? "yes" : strerror(errno));
	printf("as before: %s\n", sets(RLIMIT_AS, before.rlim_cur, before.rlim_max));
	printf("64 MiB %s\n", can_map(64 * MIB));
	printf("soft above hard: %s\n", sets(RLIMIT_AS, 2 * MIB, MIB));
	printf("no such limit: %s\n", sets(1000, 0, 0));
	printf("stack as large as may be: ");
	getrlimit(RLIMIT_STACK, &before);
	printf("%s\n", sets(RLIMIT_STACK, before.rlim_max, before.rlim_max));
	getrlimit(RLIMIT_NOFILE, &before);
	printf("as many files as may be: %s\n", sets(RLIMIT_NOFILE, before.rlim_max, before.rlim_max));
	sync();
	return 0;
}
