/* Anonymous mmap is zero, separate and aligned; munmap, mprotect and madvise work on parts. */
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "show.h"

static unsigned char *map(size_t len, int prot)
{
	void *memory = mmap(NULL, len, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static int any(const unsigned char *memory, size_t len)
{
	int bits = 0;
	for (size_t i = 0; i < len; i++)
		bits |= memory[i];
	return bits;
}

int main(void)
{
	const size_t page = sysconf(_SC_PAGESIZE), len = 64 * page;
	unsigned char *a = map(len, PROT_READ | PROT_WRITE), *b = map(len + 1, PROT_READ | PROT_WRITE);
	printf("page %zu, mapped %d %d, aligned %d\n", page, a != NULL, b != NULL, ((uintptr_t)a | (uintptr_t)b) % page == 0);
	printf("zero %d %d\n", any(a, len), any(b, len + page));
	memset(a, 1, len);
	memset(b, 2, len + page);
	printf("separate %d %d\n", a[len - 1], b[0]);
	printf("mprotect %d", mprotect(a + page, page, PROT_READ));
	printf(" %d", a[page]);
	printf(" %d", mprotect(a + page, page, PROT_READ | PROT_WRITE));
	a[page] = 3;
	printf(" %d\n", a[page]);
	printf("munmap middle %d", munmap(a + 8 * page, 8 * page));
	printf(" neighbours %d %d\n", a[8 * page - 1], a[16 * page]);
	SHOW(madvise(b, 4 * page, MADV_DONTNEED));
	SHOW(any(b, 4 * page));
	SHOW(b[4 * page]);
	for (int round = 0; round < 2000; round++) {
		unsigned char *again = map(256 * page, PROT_READ | PROT_WRITE);
		if (!again || any(again, page))
			return 1;
		again[0] = again[256 * page - 1] = 1;
		if (munmap(again, 256 * page))
			return 2;
	}
	SHOW(map(0, PROT_READ) ? 0 : -1);
	SHOW(map((size_t)1 << 60, PROT_READ | PROT_WRITE) ? 0 : -1);
	SHOW(munmap(b + 1, page));
	return munmap(a, 8 * page) | munmap(a + 16 * page, len - 16 * page) | munmap(b, len + page);
}
