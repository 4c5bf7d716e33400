/* Moves 1 GiB in pieces of 1 MiB: stream write|read FILE, where FILE `-` is standard output or input. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 1 << 20, PIECES = 1024 };

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	char *piece = malloc(PIECE);
	memset(piece, 'x', PIECE);
	int writes = strcmp(argv[1], "write") == 0;
	int fd = writes ? 1 : 0;
	if (strcmp(argv[2], "-") != 0)
		fd = writes ? open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0600) : open(argv[2], O_RDONLY);
	if (fd < 0 || !piece)
		return 3;
	for (long left = (long)PIECES * PIECE; left > 0;) {
		long len = left < PIECE ? left : PIECE;
		ssize_t moved = writes ? write(fd, piece, len) : read(fd, piece, len);
		if (moved <= 0)
			return 4;
		left -= moved;
	}
	return 0;
}
