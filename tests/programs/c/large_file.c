//# output-file: large
//# stdout-to: file
/* 64 MiB into a file with one write, read back with one read; an offset behind 4 GiB. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	const size_t size = 64 << 20;
	uint64_t *block = malloc(size), *back = calloc(1, size), state = 1;
	for (size_t i = 0; i < size / 8; i++)
		block[i] = state = state * 6364136223846793005u + 1442695040888963407u;
	int fd = open("large", O_RDWR | O_CREAT, 0644);
	printf("write %zd\n", write(fd, block, size));
	printf("pread %zd\n", pread(fd, back, size, 0));
	for (size_t i = 0; i < size / 8; i++)
		if (block[i] != back[i])
			return 1;
	close(fd);
	struct stat st;
	fd = open("sparse", O_RDWR | O_CREAT, 0644);
	printf("far %zd\n", pwrite(fd, "x", 1, 5ll << 30));
	fstat(fd, &st);
	printf("size %lld\n", (long long)st.st_size);
	printf("seek %lld\n", (long long)lseek(fd, 0, SEEK_END));
	return unlink("sparse");
}
