//# compare: none
//# env: HERMIT_JIT=1
//# stdout: map 13, protect 13, of a file 13\nread and execute: 0\n
/* No page is writable and executable at once. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	const int all = PROT_READ | PROT_WRITE | PROT_EXEC;
	errno = 0;
	mmap(NULL, 4096, all, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const int map = errno;
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	errno = 0;
	mprotect(memory, 4096, PROT_WRITE | PROT_EXEC);
	const int protect = errno, file = open("file", O_RDWR | O_CREAT, 0644);
	errno = 0;
	mmap(NULL, 4096, all, MAP_SHARED, file, 0);
	printf("map %d, protect %d, of a file %d\n", map, protect, errno);
	printf("read and execute: %d\n", mprotect(memory, 4096, PROT_READ | PROT_EXEC));
	return 0;
}
