/* What mmap(2) and its kin refuse, what they let pass, and what they have done by then. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "show.h"

enum { PAGE = 4096 };

static const int rw = PROT_READ | PROT_WRITE, anonymous = MAP_PRIVATE | MAP_ANONYMOUS;

static int is_refused(void *at, size_t len, int prot, int flags, int fd)
{
	errno = 0;
	return mmap(at, len, prot, flags, fd, 0) == MAP_FAILED ? errno : 0;
}

static void kinds(char *map)
{
	const int file = open("file", O_CREAT | O_RDWR, 0644), reader = open("file", O_RDONLY);
	const int writer = open("file", O_WRONLY), folder = open(".", O_RDONLY);
	int pipe_fds[2];
	if (pipe(pipe_fds) != 0 || ftruncate(file, 2 * PAGE) != 0)
		return;
	SHOW(is_refused(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1));
	SHOW(is_refused(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_PRIVATE | 4 | MAP_ANONYMOUS, -1));
	SHOW(is_refused(NULL, PAGE, PROT_READ, 0, file));
	SHOW(is_refused(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1));
	SHOW(is_refused(NULL, PAGE, PROT_READ, MAP_PRIVATE, folder));
	SHOW(is_refused(NULL, PAGE, PROT_READ, MAP_PRIVATE, pipe_fds[0]));
	SHOW(is_refused(NULL, PAGE, PROT_READ, MAP_PRIVATE, pipe_fds[1]));
	SHOW(is_refused(NULL, PAGE, PROT_READ, MAP_PRIVATE, writer));
	SHOW(is_refused(NULL, PAGE, PROT_READ, MAP_PRIVATE, 999));
	SHOW(is_refused(NULL, PAGE, PROT_WRITE, MAP_SHARED, reader));
	SHOW(is_refused(NULL, PAGE, PROT_WRITE, MAP_PRIVATE, reader));
	SHOW(is_refused(NULL, 0, PROT_READ, anonymous, -1));
	SHOW(is_refused((void *)1, PAGE, PROT_READ, anonymous | MAP_FIXED, -1));
	SHOW(is_refused(map + 1, PAGE, PROT_READ, anonymous | MAP_FIXED_NOREPLACE, -1));
}

/* The middle of eight pages is a hole. */
static void holes(char *map)
{
	SHOW(munmap(map, 0));
	SHOW(munmap(map + 1, PAGE));
	SHOW(munmap(map + 3 * PAGE, 2 * PAGE));
	SHOW(munmap(map + 3 * PAGE, 2 * PAGE));
	memset(map + 6 * PAGE, 'd', 2 * PAGE);
	SHOW(mprotect(map + PAGE, 7 * PAGE, rw));
	SHOW(mprotect(map + 3 * PAGE, PAGE, PROT_READ));
	SHOW(mprotect(map, 0, PROT_READ));
	SHOW(mprotect(map + 1, PAGE, PROT_READ));
	SHOW(mprotect(map, PAGE, 0x80));
	SHOW(madvise(map + 3 * PAGE, PAGE, MADV_WILLNEED));
	SHOW(madvise(map, 8 * PAGE, MADV_DONTNEED));
	SHOW(map[7 * PAGE]);
	SHOW(madvise(map, PAGE, 9999));
	SHOW(madvise(map + 1, PAGE, MADV_DONTNEED));
	SHOW(madvise(map, 0, MADV_DONTNEED));
	SHOW(msync(map, 8 * PAGE, MS_SYNC));
	SHOW(msync(map, PAGE, MS_SYNC | MS_ASYNC));
	unsigned char resident[8];
	SHOW(mincore(map + 3 * PAGE, PAGE, resident));
	SHOW(mlock(map + 3 * PAGE, PAGE));
	SHOW(munlock(map + 3 * PAGE, PAGE));
	SHOW(mlockall(0));
	SHOW(mlockall(99));
	SHOW(mlockall(MCL_ONFAULT));
	SHOW(mremap(map + 2 * PAGE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0);
	SHOW(mremap(map + 3 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0);
	SHOW(mremap(map + 1, PAGE, PAGE, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0);
	SHOW(mremap(map, PAGE, 0, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0);
	SHOW(mremap(map, PAGE, PAGE, 0x80) == MAP_FAILED ? errno : 0);
}

static void places(char *map)
{
	char *hole = map + 3 * PAGE;
	map[2 * PAGE] = 'a';
	SHOW(is_refused(map, PAGE, PROT_READ, anonymous | MAP_FIXED_NOREPLACE, -1));
	SHOW(is_refused(map, 4 * PAGE, PROT_READ, anonymous | MAP_FIXED_NOREPLACE, -1));
	SHOW(map[2 * PAGE]);
	SHOW(mmap(hole, PAGE, rw, anonymous | MAP_FIXED_NOREPLACE, -1, 0) == hole);
	hole[0] = 'b';
	SHOW(hole[PAGE - 1]);
	/* Over a page that is mapped and one that is not. */
	SHOW(mmap(hole, 2 * PAGE, rw, anonymous | MAP_FIXED, -1, 0) == hole);
	SHOW(hole[0]);
	hole[2 * PAGE - 1] = 'c';
	SHOW(map[2 * PAGE]);
	SHOW(mmap(map, PAGE, PROT_READ, anonymous, -1, 0) != map);
	/* All of it, the hole's two pages among it, at once. */
	SHOW(munmap(map, 8 * PAGE));
	SHOW(munmap(map, 8 * PAGE));
	SHOW(mmap(map, 8 * PAGE, rw, anonymous | MAP_FIXED, -1, 0) == map);
	SHOW(map[2 * PAGE] | hole[0] | hole[2 * PAGE - 1]);
}

int main(void)
{
	char *map = mmap(NULL, 8 * PAGE, rw, anonymous, -1, 0);
	kinds(map);
	holes(map);
	places(map);
	return 0;
}
