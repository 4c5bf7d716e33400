//# compare: none
//# stdout: map 13, protect 13\n
/* Without HERMIT_JIT=1 no page becomes executable. */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	errno = 0;
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const int map = errno;
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	errno = 0;
	mprotect(memory, 4096, PROT_READ | PROT_EXEC);
	printf("map %d, protect %d\n", map, errno);
	return 0;
}
