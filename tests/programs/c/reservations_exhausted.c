//# compare: none
//# isles: process
//# mem: 64M
//# stdout: mprotect says ENOMEM, mmap says ENOMEM\nagain 1, all of it zero\n
/* Memory that a reservation has no more pages for is told by who asks for it; what comes back can be used again. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#define MIB (1L << 20)

static const int rw = PROT_READ | PROT_WRITE, reserved = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

/* How many MiB from `from` on can be used until an errno comes. */
static long fill(char *from, int how)
{
	for (long i = 0; i < 128; i++) {
		char *piece = from + i * MIB;
		errno = 0;
		if (how == 0 ? mprotect(piece, MIB, rw) != 0 : mmap(piece, MIB, rw, reserved | MAP_FIXED, -1, 0) != piece)
			return i;
		for (long at = 0; at < MIB; at += 4096)
			piece[at] = 1;
	}
	return -1;
}

int main(void)
{
	char *all = mmap(NULL, 1024 * MIB, PROT_NONE, reserved, -1, 0);
	if (all == MAP_FAILED)
		return 1;
	long first = fill(all, 0);
	const int by_mprotect = errno;
	/* One that is too large takes nothing. */
	if (mprotect(all, 1024 * MIB, rw) == 0 || first < 16 || first > 64)
		return 2;
	munmap(all, first * MIB);
	long second = fill(all + 512 * MIB, 1);
	printf("mprotect says %s, mmap says %s\n", by_mprotect == ENOMEM ? "ENOMEM" : "?", errno == ENOMEM ? "ENOMEM" : "?");
	if (second != first)
		return 3;
	mmap(all + 512 * MIB, 512 * MIB, PROT_NONE, reserved | MAP_FIXED, -1, 0);
	/* RAM is RAM again. */
	char *ram = mmap(NULL, 16 * MIB, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ram == MAP_FAILED)
		return 4;
	long used = 0;
	for (long at = 0; at < 16 * MIB; at += 4096)
		used += ram[at];
	printf("again %d, %s\n", ram != MAP_FAILED, used ? "not zero" : "all of it zero");
	return 0;
}
