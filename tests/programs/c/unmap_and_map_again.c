/* Memory with holes where parts were given back: new memory, large and small, can be had and returned all the same. */
#include <stdio.h>
#include <sys/mman.h>

static char *map(size_t len)
{
	char *memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

int main(void)
{
	char *holes = map(64 * 4096);
	holes[0] = 1;
	if (munmap(holes + 8 * 4096, 8 * 4096))
		return 1;
	for (int i = 0; i < 50; i++) {
		size_t len = (size_t)(i % 7 + 1) << (12 + i % 10);
		char *memory = map(len);
		if (!memory || memory[0] || memory[len - 1])
			return 2;
		memory[0] = memory[len - 1] = 1;
		if (mprotect(memory, 4096, PROT_READ) || munmap(memory, len))
			return 3;
	}
	printf("%d\n", holes[0]);
	return 0;
}
