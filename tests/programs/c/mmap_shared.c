//# cpus: 1 2
//# output-file: file
//# output-file: at_exit
/* Writes to a file mapped with MAP_SHARED reach the file at msync and munmap, and at exit; msync(MS_INVALIDATE) fetches what was
 * written to the file; what is closed stays mapped; what is not open for writing is refused. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

static void show_file(int fd, off_t at)
{
	char text[8] = "";
	long count = pread(fd, text, 7, at);
	printf("file at %ld: %ld <%s>\n", (long)at, count, text);
}

int main(void)
{
	struct stat st;
	char block[10000];
	memset(block, 'a', sizeof block);
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
	SHOW(write(fd, block, sizeof block));
	char *map = mmap(NULL, sizeof block, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return 1;
	memcpy(map + 5000, "changed", 7);
	SHOW(msync(map + 4096, 4096, MS_SYNC));
	show_file(fd, 5000);
	/* Two who write to different pages do not undo each other. */
	pwrite(fd, "theirs!", 7, 100);
	memcpy(map + 9000, "ours, 2", 7);
	SHOW(msync(map, sizeof block, MS_SYNC | MS_INVALIDATE));
	show_file(fd, 100);
	show_file(fd, 9000);
	printf("in memory <%.7s>\n", map + 100);
	/* What is written behind the end stays in memory. */
	map[sizeof block] = 'x';
	memcpy(map + 9990, "the end", 7);
	SHOW(mprotect(map, 4096, PROT_READ));
	SHOW(munmap(map + 4096, 4096));
	map[0] == 'a' || printf("gone\n");
	SHOW(msync(map, 100, MS_ASYNC | MS_SYNC));
	SHOW(msync(map, 100, 64));
	SHOW(msync(map + 1, 100, MS_SYNC));
	SHOW(msync(map + 4096, 4096, MS_SYNC));
	SHOW(munmap(map + 8192, 4096));
	SHOW(munmap(map, 4096));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	show_file(fd, 9990);
	close(fd);
	fd = open("file", O_RDONLY);
	SHOW(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
	SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED);
	SHOW(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) != MAP_FAILED);
	close(fd);
	fd = open("at_exit", O_RDWR | O_CREAT | O_TRUNC, 0644);
	SHOW(ftruncate(fd, 3 * 4096));
	map = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	strcpy(map + 4096, "nobody has asked for it");
	strcpy(map + 8192, "inaccessible");
	SHOW(mprotect(map + 8192, 4096, PROT_NONE));
	exit(0);
}
