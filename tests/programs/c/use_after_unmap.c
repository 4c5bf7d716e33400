//# status: 139
/* Memory that was given back is gone. */
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	volatile char *page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page[4096] = 5;
	puts("about to unmap"); /* allocates its buffer now, and not in what becomes free */
	fflush(stdout);
	munmap((void *)page, 1 << 20);
	return page[4096];
}
