//# isles: process
/* Addresses reserved with PROT_NONE, many TiB of them: they cost no memory, and pages come where they are made accessible. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "show.h"

#define PAGE 4096L
#define GIB (1L << 30)

static const int rw = PROT_READ | PROT_WRITE, reserved = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

static sigjmp_buf out;
static int code;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	code = info->si_code;
	siglongjmp(out, 1);
}

/* The si_code of reading there, 0 if it can be read. */
static int fault_at(const volatile char *address)
{
	if (sigsetjmp(out, 1) != 0)
		return code;
	(void)*address;
	return 0;
}

static int sum(const char *from, long bytes)
{
	int result = 0;
	for (long i = 0; i < bytes; i++)
		result += from[i];
	return result;
}

static void sizes(void)
{
	static const long wanted[] = { 1, 64, 1024, 30 * 1024 };
	for (int i = 0; i < 4; i++) {
		const long gib = wanted[i];
		char *all = mmap(NULL, gib * GIB, PROT_NONE, reserved, -1, 0);
		printf("%ld GiB: %s\n", gib, all == MAP_FAILED ? "refused" : "reserved");
		if (all == MAP_FAILED)
			continue;
		char *last = all + gib * GIB - PAGE;
		SHOW(mprotect(last, PAGE, rw));
		memset(last, 1, PAGE);
		SHOW(sum(last, PAGE));
		SHOW(munmap(all, gib * GIB));
		SHOW(mprotect(last, PAGE, rw));
	}
}

static void access_changes(char *all)
{
	SHOW(fault_at(all) == SEGV_ACCERR);
	SHOW(mprotect(all + PAGE, 2 * PAGE, rw));
	SHOW(sum(all + PAGE, 2 * PAGE));
	memset(all + PAGE, 1, 2 * PAGE);
	SHOW(fault_at(all + 3 * PAGE) == SEGV_ACCERR);
	/* Over pages with and without contents. */
	SHOW(mprotect(all, 4 * PAGE, PROT_READ));
	SHOW(sum(all, 4 * PAGE));
	SHOW(mprotect(all, 4 * PAGE, PROT_NONE));
	SHOW(fault_at(all + PAGE) == SEGV_ACCERR);
	SHOW(mprotect(all, 4 * PAGE, rw));
	SHOW(sum(all, 4 * PAGE));
	SHOW(madvise(all, 64 * PAGE, MADV_DONTNEED));
	SHOW(sum(all, 4 * PAGE));
	SHOW(madvise(all + 32 * PAGE, 64 * PAGE, MADV_DONTNEED));
}

static void fixed(char *all)
{
	char *at = all + GIB;
	SHOW(mmap(at, 2 * PAGE, rw, reserved | MAP_FIXED, -1, 0) == at);
	memset(at, 2, 2 * PAGE);
	SHOW(mmap(at + PAGE, 2 * PAGE, rw, reserved | MAP_FIXED, -1, 0) == at + PAGE);
	SHOW(sum(at, 3 * PAGE));
	SHOW(mmap(at, PAGE, rw, reserved | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED ? errno : 0);
	/* As Go gives memory back and keeps its addresses. */
	SHOW(mmap(at, 3 * PAGE, PROT_NONE, reserved | MAP_FIXED, -1, 0) == at);
	SHOW(fault_at(at) == SEGV_ACCERR);
	SHOW(mprotect(at, PAGE, rw));
	SHOW(sum(at, PAGE));
	FILE *file = tmpfile();
	fputs("contents", file);
	fflush(file);
	SHOW(mmap(at + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fileno(file), 0) == at + PAGE);
	SHOW(strcmp(at + PAGE, "contents"));
	/* The host finds the pages, too. */
	SHOW(pread(fileno(file), at, 8, 0));
	SHOW(memcmp(at, "contents", 8));
	SHOW(pread(fileno(file), at + 4 * PAGE, 8, 0));
	fclose(file);
}

static void holes(char *all)
{
	char *at = all + 2 * GIB;
	SHOW(mprotect(at, 8 * PAGE, rw));
	SHOW(munmap(at + 2 * PAGE, 2 * PAGE));
	SHOW(fault_at(at + 2 * PAGE) == SEGV_MAPERR);
	SHOW(munmap(at, 8 * PAGE));
	SHOW(munmap(at, 8 * PAGE));
	SHOW(mprotect(at, PAGE, rw));
	SHOW(mmap(at, 8 * PAGE, PROT_NONE, reserved | MAP_FIXED_NOREPLACE, -1, 0) == at);
	unsigned char resident[4] = { 9, 9, 9, 9 };
	SHOW(mprotect(at + PAGE, PAGE, rw));
	at[PAGE] = 1;
	SHOW(mincore(at, 4 * PAGE, resident));
	printf("%d %d %d %d\n", resident[0] & 1, resident[1] & 1, resident[2] & 1, resident[3] & 1);
}

static void remapped(void)
{
	char *old = mmap(NULL, 64 * PAGE, PROT_NONE, reserved, -1, 0);
	SHOW(mprotect(old, 16 * PAGE, rw));
	memset(old, 3, 16 * PAGE);
	SHOW(mremap(old, 16 * PAGE, 32 * PAGE, 0) == MAP_FAILED ? errno : 0);
	char *moved = mremap(old, 16 * PAGE, 32 * PAGE, MREMAP_MAYMOVE);
	SHOW(moved != MAP_FAILED && moved != old);
	SHOW(sum(moved, 32 * PAGE));
	moved[32 * PAGE - 1] = 3;
	SHOW(fault_at(old) != 0);
	SHOW(mremap(moved, 32 * PAGE, PAGE, 0) == moved);
	SHOW(sum(moved, PAGE));
	/* What has no pages can grow to any size. */
	SHOW(mremap(old + 16 * PAGE, 48 * PAGE, 64 * GIB, MREMAP_MAYMOVE) != MAP_FAILED);
}

/* Arenas: many pieces are taken into use and given up, in an order that no range grows by. */
static void pieces(char *all)
{
	enum { COUNT = 2000 };
	int wrong = 0;
	for (int i = 0; i < COUNT; i++) {
		char *piece = all + (i * 7919L % COUNT) * 2 * PAGE;
		wrong += mprotect(piece, PAGE, rw) != 0 || *piece != 0;
		*piece = 1;
	}
	for (int i = 0; i < COUNT; i++)
		wrong += all[i * 2 * PAGE] != 1;
	SHOW(wrong);
	SHOW(munmap(all, 2 * COUNT * PAGE));
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	sigaction(SIGSEGV, &action, NULL);
	sizes();
	char *all = mmap(NULL, 4 * GIB, PROT_NONE, reserved, -1, 0);
	access_changes(all);
	fixed(all);
	holes(all);
	remapped();
	pieces(all + 3 * GIB);
	SHOW(munmap(all, 4 * GIB));
	return 0;
}
