//# status: 139
//# stderr-contains: write to
//# stderr-contains: poke
/* Writing to a page that mprotect made read-only ends the program like SIGSEGV. */
#include <stdio.h>
#include <sys/mman.h>

__attribute__((noinline)) void poke(volatile char *page)
{
	page[100] = 1;
	__asm__ volatile("" ::: "memory");
}

int main(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page[100] = 5;
	if (mprotect(page, 4096, PROT_READ))
		return 1;
	printf("still %d\n", page[100]);
	fflush(stdout);
	poke(page);
	return 2;
}
