/* preadv and pwritev: every vector follows the one before, and the file's own position stays. */
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	char one[6] = "", two[11] = "", three[4] = "";
	struct iovec from[] = { { "first", 5 }, { "and second", 10 }, { "end", 3 } };
	struct iovec to[] = { { one, 5 }, { two, 10 }, { three, 3 } };
	int fd = open("vectors", O_CREAT | O_TRUNC | O_RDWR, 0600);
	SHOW(write(fd, "0123456789", 10));
	SHOW(lseek(fd, 4, SEEK_SET));
	SHOW(pwritev(fd, from, 3, 7));
	SHOW(preadv(fd, to, 3, 7));
	printf("%s|%s|%s\n", one, two, three);
	SHOW(preadv(fd, to, 3, 3));
	printf("%s|%s|%s\n", one, two, three);
	memset(two, 0, sizeof two);
	SHOW(preadv(fd, to, 3, 12)); /* shorter than asked for */
	printf("%s|%s|%s\n", one, two, three);
	SHOW(preadv(fd, to, 3, 1000));
	SHOW(preadv(fd, to, 3, -1));
	SHOW(preadv(fd, to, 0, 0));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(close(fd));
	SHOW(unlink("vectors"));
	return 0;
}
