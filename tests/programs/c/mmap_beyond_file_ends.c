//# status: 135
/* Without a handler SIGBUS ends the program. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	const int file = open("file", O_RDWR | O_CREAT, 0644);
	if (write(file, "text", 4) != 4)
		return 1;
	const volatile char *map = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, file, 0);
	printf("%d %d\n", map[0], map[4095]);
	fflush(stdout);
	return map[4096];
}
