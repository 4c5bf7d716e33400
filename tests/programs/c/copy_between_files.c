/* sendfile, copy_file_range, fallocate, statx. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

static void show_statx(const char *path, int flags)
{
	struct statx st;
	SHOW(statx(AT_FDCWD, path, flags, STATX_BASIC_STATS, &st));
	printf("%x %llu %o %u\n", st.stx_mask & STATX_BASIC_STATS, st.stx_size, st.stx_mode, st.stx_nlink);
}

int main(void)
{
	char text[100] = "";
	off_t offset = 6, other = 20;
	int from = open("from", O_CREAT | O_RDWR, 0600), to = open("to", O_CREAT | O_RDWR, 0640);
	write(from, "hello world\n", 12);
	SHOW(sendfile(to, from, &offset, 100));
	printf("%ld\n", (long) offset);
	SHOW(sendfile(to, from, NULL, 5));
	lseek(from, 0, SEEK_SET);
	SHOW(sendfile(to, from, NULL, 5));
	SHOW(lseek(from, 0, SEEK_CUR));
	SHOW(copy_file_range(from, NULL, to, &other, 4, 0));
	printf("%ld\n", (long) other);
	SHOW(copy_file_range(from, NULL, to, NULL, 100, 0));
	SHOW(copy_file_range(from, NULL, to, NULL, 100, 1));
	SHOW(copy_file_range(99, NULL, to, NULL, 1, 0));
	SHOW(pread(to, text, 50, 0));
	for (int i = 0; i < 24; ++i)
		putchar(text[i] == '\0' ? '.' : text[i]);
	SHOW(fallocate(to, 0, 0, 100));
	SHOW(lseek(to, 0, SEEK_END));
	SHOW(fallocate(to, 0, -1, 5));
	SHOW(fallocate(99, 0, 0, 5));
	symlink("to", "link");
	show_statx("link", 0);
	show_statx("link", AT_SYMLINK_NOFOLLOW);
	SHOW(statx(to, "", AT_EMPTY_PATH, STATX_SIZE, &(struct statx){0}));
	SHOW(statx(AT_FDCWD, "nothing", 0, STATX_SIZE, &(struct statx){0}));
	printf("%zu\n", sizeof(struct statx));
	return 0;
}
