//# isles: process
//# cpus: 1 2
//# output-file: file
/* MAP_SHARED shows the file itself: what one mapping, a write or a read sees, all others see at once; pages that were the file's and
 * are used for something else do not reach it any more; behind the file's end is SIGBUS, wherever the end is now. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "show.h"

enum { PAGE = 4096, PAGES = 8, ROUNDS = 300 };

static const int rw = PROT_READ | PROT_WRITE;

static sigjmp_buf out;
static volatile int number_of, code_of;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)context;
	number_of = number;
	code_of = info->si_code;
	siglongjmp(out, 1);
}

static const char *touched(volatile char *address, int writes)
{
	if (sigsetjmp(out, 1) != 0)
		return number_of == SIGBUS && code_of == BUS_ADRERR     ? "SIGBUS"
		       : number_of == SIGSEGV && code_of == SEGV_ACCERR ? "SIGSEGV, not allowed"
		       : number_of == SIGSEGV                           ? "SIGSEGV"
		                                                        : "?";
	if (writes)
		*address = 'w';
	return *address ? "a byte" : "zero";
}

static char *map(int fd, int prot, int flags, void *at, int pages, int page)
{
	char *mapped = mmap(at, (size_t)pages * PAGE, prot, MAP_SHARED | flags, fd, (off_t)page * PAGE);
	if (mapped == MAP_FAILED) {
		printf("cannot map: %d\n", errno);
		exit(1);
	}
	return mapped;
}

static char in_file(int fd, off_t at)
{
	char byte = '?';
	pread(fd, &byte, 1, at);
	return byte ? byte : '0';
}

static void coherent(int fd)
{
	char *one = map(fd, rw, 0, NULL, PAGES, 0), *two = map(fd, rw, 0, NULL, PAGES - 1, 1);
	const int read_only = open("file", O_RDONLY);
	char *seen = map(read_only, PROT_READ, 0, NULL, PAGES, 0);
	one[PAGE + 5] = 'a';
	printf("stored: %c %c %c\n", two[5], seen[PAGE + 5], in_file(fd, PAGE + 5));
	two[6] = 'b';
	printf("stored: %c %c %c\n", one[PAGE + 6], seen[PAGE + 6], in_file(fd, PAGE + 6));
	pwrite(fd, "c", 1, PAGE + 7);
	printf("written: %c %c %c\n", one[PAGE + 7], two[7], seen[PAGE + 7]);
	SHOW(pread(fd, one + 3 * PAGE, 10, PAGE + 5));
	printf("read into it: %.3s\n", two + 2 * PAGE);
	SHOW(mprotect(seen, PAGE, rw));
	printf("read only: %s\n", touched(seen, 1));
	SHOW(mprotect(one, PAGE, PROT_READ));
	printf("protected: %s, %s\n", touched(one, 0), touched(one, 1));
	SHOW(mprotect(one, PAGE, PROT_NONE));
	printf("no access: %s\n", touched(one, 0));
	SHOW(mprotect(one, PAGE, rw));
	printf("again: %s\n", touched(one, 1));
	SHOW(madvise(one, PAGES * PAGE, MADV_DONTNEED));
	printf("not lost: %c%c%c\n", one[PAGE + 5], one[PAGE + 6], one[PAGE + 7]);
	SHOW(madvise(one, PAGES * PAGE, MADV_FREE));
	SHOW(msync(one, PAGES * PAGE, MS_SYNC | MS_INVALIDATE));
	close(read_only);
	close(fd);
	one[PAGE + 8] = 'd';
	printf("closed: %c %c\n", two[8], seen[PAGE + 8]);
	SHOW(munmap(one, PAGES * PAGE) | munmap(two, (PAGES - 1) * PAGE) | munmap(seen, PAGES * PAGE));
	printf("unmapped: %s\n", touched(one + PAGE, 0));
}

/* Pages that have been the file's, used for other things. */
static void reused(int fd)
{
	char *mapped = map(fd, rw, 0, NULL, PAGES, 0);
	memset(mapped, 'f', PAGES * PAGE);
	/* A part of it ends, and something else is there. */
	SHOW(munmap(mapped + 2 * PAGE, PAGE));
	printf("hole: %s, beside it: %s\n", touched(mapped + 2 * PAGE, 1), touched(mapped + 3 * PAGE, 0));
	SHOW(mmap(mapped + 2 * PAGE, PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == mapped + 2 * PAGE);
	printf("fresh: %s\n", touched(mapped + 2 * PAGE, 0));
	memset(mapped + 2 * PAGE, 'X', PAGE);
	/* Replaced where it is mapped. */
	SHOW(mmap(mapped + 4 * PAGE, PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == mapped + 4 * PAGE);
	printf("replaced: %s\n", touched(mapped + 4 * PAGE, 0));
	memset(mapped + 4 * PAGE, 'X', PAGE);
	/* By another part of the file. */
	map(fd, rw, MAP_FIXED, mapped + 5 * PAGE, 1, 0);
	mapped[5 * PAGE] = '0';
	printf("page 0 at page 5: %c\n", mapped[0]);
	SHOW(munmap(mapped, PAGES * PAGE));
	/* All the memory that a program may get next. */
	for (int i = 0; i < 64; i++) {
		char *other = mmap(NULL, 16 * PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (int byte = 0; byte < 16 * PAGE; byte += 1024)
			if (other[byte] != 0)
				printf("not zero\n");
		memset(other, 'X', 16 * PAGE);
		if (i % 2)
			munmap(other, 16 * PAGE);
	}
	int others = 0;
	for (off_t at = 0; at < PAGES * PAGE; at += 512)
		others += in_file(fd, at) == 'X';
	SHOW(others);
}

static void reserved(int fd)
{
	char *place = mmap(NULL, 64 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	SHOW(map(fd, rw, MAP_FIXED, place + 8 * PAGE, 4, 2) == place + 8 * PAGE);
	place[8 * PAGE] = 'r';
	printf("in a reservation: %c, before: %s, behind: %s\n", in_file(fd, 2 * PAGE), touched(place + 7 * PAGE, 0),
	       touched(place + 12 * PAGE, 0));
	SHOW(mmap(place + 9 * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == place + 9 * PAGE);
	printf("given back: %s\n", touched(place + 9 * PAGE, 1));
	SHOW(mprotect(place + 9 * PAGE, PAGE, rw));
	printf("taken: %s\n", touched(place + 9 * PAGE, 0));
	memset(place + 9 * PAGE, 'X', PAGE);
	SHOW(munmap(place, 64 * PAGE));
	printf("page 3 of the file: %c\n", in_file(fd, 3 * PAGE));
}

static void ends(int fd)
{
	char *mapped = map(fd, rw, 0, NULL, PAGES + 2, 0);
	printf("end: %s, behind: %s, %s\n", touched(mapped + PAGES * PAGE - 1, 0), touched(mapped + PAGES * PAGE, 0),
	       touched(mapped + (PAGES + 1) * PAGE, 1));
	SHOW(ftruncate(fd, 3 * PAGE + 100));
	printf("cut: %s, %s, %s\n", touched(mapped + 3 * PAGE, 0), touched(mapped + 3 * PAGE + 100, 0), touched(mapped + 4 * PAGE, 0));
	/* Calls find nothing there, either. */
	SHOW(pread(fd, mapped + 5 * PAGE, 10, 0) == -1 && errno == EFAULT);
	SHOW(pwrite(fd, mapped + 5 * PAGE, 10, 0) == -1 && errno == EFAULT);
	SHOW(open(mapped + 5 * PAGE, O_RDONLY) == -1 && errno == EFAULT);
	SHOW(mprotect(mapped, (PAGES + 2) * PAGE, PROT_READ));
	printf("read only: %s, %s\n", touched(mapped + 3 * PAGE, 1), touched(mapped + 4 * PAGE, 0));
	SHOW(mprotect(mapped, (PAGES + 2) * PAGE, rw));
	SHOW(ftruncate(fd, (PAGES + 1) * PAGE));
	printf("grown: %s, %s, %s\n", touched(mapped + 4 * PAGE, 0), touched(mapped + PAGES * PAGE, 1),
	       touched(mapped + (PAGES + 1) * PAGE, 0));
	printf("in the file: %c\n", in_file(fd, PAGES * PAGE));
	SHOW(munmap(mapped, (PAGES + 2) * PAGE));
}

static void grows(int fd)
{
	char *mapped = map(fd, rw, 0, NULL, 2, 1);
	mapped[0] = 'm';
	mapped = mremap(mapped, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	mapped[3 * PAGE] = 'n';
	printf("grown mapping: %c %c\n", mapped[0], in_file(fd, 4 * PAGE));
	mapped = mremap(mapped, 4 * PAGE, 7 * PAGE, MREMAP_MAYMOVE);
	mapped[6 * PAGE] = 'o';
	printf("grown mapping: %c %c\n", mapped[3 * PAGE], in_file(fd, 7 * PAGE));
	SHOW(mremap(mapped, 7 * PAGE, PAGE, MREMAP_MAYMOVE) == mapped);
	printf("shrunk: %s, %s\n", touched(mapped, 0), touched(mapped + PAGE, 0));
	SHOW(munmap(mapped, PAGE));
}

/* Maps, changes and unmaps while others do; what is private must stay so. */
static void *busy(void *argument)
{
	const int fd = open("file", O_RDWR), page = (int)(long)argument;
	long wrong = 0;
	for (int round = 0; round < ROUNDS; round++) {
		char *shared = map(fd, rw, 0, NULL, 2, page);
		shared[PAGE + round % PAGE] = (char)('A' + round % 26);
		char *private = mmap(NULL, 3 * PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		wrong += private[0] != 0 || private[2 * PAGE] != 0;
		memset(private, 'X', 3 * PAGE);
		wrong += shared[PAGE + round % PAGE] != (char)('A' + round % 26);
		munmap(shared, 2 * PAGE);
		munmap(private, 3 * PAGE);
	}
	close(fd);
	return (void *)wrong;
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
	SHOW(ftruncate(fd, PAGES * PAGE));
	coherent(fd);
	fd = open("file", O_RDWR);
	reused(fd);
	reserved(fd);
	ends(fd);
	grows(fd);
	pthread_t threads[4];
	for (long i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, busy, (void *)(i * 2));
	for (int i = 0; i < 4; i++) {
		void *wrong;
		pthread_join(threads[i], &wrong);
		SHOW((long)wrong);
	}
	/* Nobody writes back what is not there any more. */
	char *left = map(fd, rw, 0, NULL, 1, 0);
	strcpy(left, "left mapped at exit");
	return 0;
}
