/* errno's numbers are Linux's, and many failing calls say what Linux says. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAILS(call) do { errno = 0; long result = (long)(call); printf(#call ": %ld, errno %d\n", result, errno); } while (0)

int main(void)
{
	char name[5000], block[16];
	struct stat st;
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = 0;
	int file = open("file", O_RDWR | O_CREAT, 0644);
	mkdir("folder", 0755);
	FAILS(open("missing", O_RDONLY));
	FAILS(open("missing/below", O_RDONLY | O_CREAT, 0644));
	FAILS(open("file/below", O_RDONLY));
	FAILS(open("folder", O_WRONLY));
	FAILS(open("file", O_RDONLY | O_DIRECTORY));
	FAILS(open("", O_RDONLY));
	FAILS(open(name, O_RDONLY));
	FAILS(close(999));
	FAILS(close(-1));
	FAILS(read(999, block, 1));
	FAILS(write(-1, block, 1));
	FAILS(lseek(999, 0, SEEK_SET));
	FAILS(lseek(file, 0, 99));
	FAILS(lseek(file, -5, SEEK_SET));
	FAILS(fstat(999, &st));
	FAILS(stat("missing", &st));
	FAILS(stat(name, &st));
	FAILS(mkdir("folder", 0755));
	FAILS(mkdir("missing/below", 0755));
	FAILS(rmdir("missing"));
	FAILS(rmdir("file"));
	FAILS(unlink("missing"));
	FAILS(rename("missing", "other"));
	FAILS(rename("file", "folder"));
	FAILS(rename("folder", "file"));
	FAILS(rename("folder", "folder/below"));
	FAILS(link("missing", "other"));
	FAILS(link("file", "folder"));
	FAILS(access("missing", F_OK));
	FAILS(chdir("file"));
	FAILS(ftruncate(file, -1));
	FAILS(ftruncate(999, 0));
	FAILS(dup(999));
	FAILS(dup2(999, 3));
	FAILS(dup2(file, -1));
	FAILS(fcntl(999, F_GETFL));
	FAILS(readlink("file", block, sizeof block));
	FAILS(opendir("file"));
	FAILS(read(open("folder", O_RDONLY), block, 1));
	FAILS(isatty(file));
	FAILS(chmod("missing", 0644));
	printf("%d %d %d %d %d %d %d %d\n", EPERM, ENOENT, EAGAIN, ERANGE, ENOSYS, ELOOP, EOVERFLOW, ETIMEDOUT);
	printf("%d %d %d %d %d %d\n", EINPROGRESS, ECONNREFUSED, EADDRINUSE, EILSEQ, ENOTSUP, ECANCELED);
	return close(file);
}
