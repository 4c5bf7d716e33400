//# output-file: file
/* lseek, pread, pwrite, ftruncate, holes, O_APPEND, O_TRUNC, dup and its shared offset, readv and writev. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	char text[32] = "";
	struct stat st;
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
	printf("write %zd\n", write(fd, "0123456789", 10));
	SHOW(lseek(fd, 2, SEEK_SET));
	SHOW(lseek(fd, 3, SEEK_CUR));
	SHOW(lseek(fd, -1, SEEK_END));
	SHOW(lseek(fd, 3, SEEK_SET));
	SHOW(read(fd, text, 5));
	printf("  <%s>\n", text);
	SHOW(lseek(fd, -1, SEEK_SET));
	SHOW(pwrite(fd, "AB", 2, 4));
	SHOW(lseek(fd, 0, SEEK_CUR));
	memset(text, 0, sizeof text);
	SHOW(pread(fd, text, 4, 3));
	printf("  <%s>\n", text);
	printf("hole %lld", (long long)lseek(fd, 5000, SEEK_SET));
	printf(" %zd", write(fd, "end", 3));
	fstat(fd, &st);
	printf(" size %lld\n", (long long)st.st_size);
	memset(text, 'x', sizeof text);
	SHOW(pread(fd, text, 4, 3000));
	SHOW(text[0] | text[1] | text[2] | text[3]);
	printf("truncate %d", ftruncate(fd, 4999));
	fstat(fd, &st);
	printf(" size %lld\n", (long long)st.st_size);
	printf("truncate %d", ftruncate(fd, 8));
	fstat(fd, &st);
	printf(" size %lld\n", (long long)st.st_size);
	int copy = dup(fd);
	lseek(fd, 1, SEEK_SET);
	memset(text, 0, sizeof text);
	SHOW(read(copy, text, 2));
	printf("  <%s>\n", text);
	SHOW(lseek(fd, 0, SEEK_CUR));
	int seven = dup2(fd, 17);
	SHOW(seven);
	SHOW(close(fd));
	SHOW(lseek(17, 0, SEEK_CUR));
	int append = open("file", O_WRONLY | O_APPEND);
	lseek(append, 0, SEEK_SET);
	printf("append %zd", write(append, "+tail", 5));
	fstat(append, &st);
	printf(" size %lld\n", (long long)st.st_size);
	struct iovec out[3] = { { "<", 1 }, { "vector", 6 }, { ">", 1 } };
	printf("writev %zd\n", writev(append, out, 3));
	char a[4] = "", b[8] = "";
	struct iovec in[2] = { { a, 3 }, { b, 7 } };
	lseek(17, 8, SEEK_SET);
	printf("readv %zd <%s> <%s>\n", readv(17, in, 2), a, b);
	int only = open("file", O_RDONLY);
	SHOW(write(only, "x", 1));
	SHOW(read(append, text, 1));
	printf("past the end %zd\n", pread(only, text, 4, 100000));
	printf("fsync %d fdatasync %d\n", fsync(append), fdatasync(append));
	SHOW(open("file", O_CREAT | O_EXCL | O_RDWR, 0600));
	return close(only) | close(append) | close(17) | close(copy);
}
