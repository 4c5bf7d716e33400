/* mremap shrinks, grows in place or moves, if it may; mincore and mlock know what is mapped. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "show.h"

enum { PAGE = 4096 };

static char in_bss[3 * PAGE];

int main(void)
{
	unsigned char resident[8];
	char *map = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(map, 'm', 8 * PAGE);
	/* Its own second half is in the way, and it must not move. */
	SHOW(mremap(map, 4 * PAGE, 16 * PAGE, 0) == MAP_FAILED ? errno == ENOMEM : -1);
	SHOW(mincore(map, 8 * PAGE, resident));
	SHOW(map[8 * PAGE - 1]);
	SHOW(mremap(map, 8 * PAGE, 2 * PAGE, 0) == map);
	SHOW(map[2 * PAGE - 1]);
	SHOW(mincore(map, 2 * PAGE, resident));
	SHOW(resident[0] & resident[1] & 1);
	SHOW(mincore(map, 8 * PAGE, resident));
	SHOW(mlock(map + 6 * PAGE, PAGE));
	SHOW(mlock(in_bss, sizeof in_bss));
	SHOW(munlock(in_bss, sizeof in_bss));
	map = mremap(map, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	SHOW(map != MAP_FAILED);
	SHOW(map[2 * PAGE - 1]);
	SHOW(map[2 * PAGE]);
	SHOW(map[4 * PAGE - 1]);
	/* Something is in the way. */
	char *wall = mmap(map + 4 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *big = mremap(map, 4 * PAGE, 4096 * PAGE, MREMAP_MAYMOVE);
	SHOW(big != MAP_FAILED);
	SHOW(big[2 * PAGE - 1]);
	SHOW(big[4096L * PAGE - 1]);
	memset(big, 'b', 4096L * PAGE);
	SHOW(munmap(big, 4096L * PAGE));
	SHOW(wall != MAP_FAILED);
	SHOW(mremap((void *)1, PAGE, PAGE, 0) == MAP_FAILED);
	SHOW(mincore(map + 1, PAGE, resident));
	return 0;
}
