/* A file mapped privately reads as the file; writes stay private. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	static char block[10000];
	memset(block, 'a', sizeof block);
	memcpy(block + 4096, "second page", 11);
	int fd = open("file", O_RDWR | O_CREAT, 0644);
	write(fd, block, sizeof block);
	char *all = mmap(NULL, sizeof block, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *second = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 4096);
	if (all == MAP_FAILED || second == MAP_FAILED)
		return 1;
	close(fd);
	printf("same %d, <%.11s>, zero behind the end %d\n", memcmp(all, block, sizeof block), second, all[sizeof block]);
	all[4096] = 'X';
	char first;
	fd = open("file", O_RDONLY);
	pread(fd, &first, 1, 4096);
	printf("private %c %c %c\n", all[4096], first, second[0]);
	char *part = mmap(NULL, 4097, PROT_READ, MAP_SHARED, fd, 0);
	printf("as far as the page goes %c\n", part[4200]);
	SHOW(munmap(part, 4097));
	SHOW(munmap(all, sizeof block));
	SHOW(munmap(second, 4096));
	return 0;
}
