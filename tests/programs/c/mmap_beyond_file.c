/* Pages of a file mapping behind the file's end: SIGBUS. The rest of its last page reads as zero; what the file gets later is there. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "show.h"

enum { PAGE = 4096 };

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
		return number_of == SIGBUS && code_of == BUS_ADRERR ? "SIGBUS" : number_of == SIGSEGV ? "SIGSEGV" : "?";
	if (writes)
		*address = 'w';
	return *address ? "a byte" : "zero";
}

static void look(const char *what, char *map, int pages)
{
	for (int page = 0; page < pages; page++)
		printf("%s, page %d: %s\n", what, page, touched(map + page * PAGE, 0));
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	static char block[PAGE + 100];
	memset(block, 'a', sizeof block);
	const int file = open("file", O_RDWR | O_CREAT, 0644);
	write(file, block, sizeof block);
	char *private = mmap(NULL, 4 * PAGE, rw, MAP_PRIVATE, file, 0);
	char *shared = mmap(NULL, 4 * PAGE, rw, MAP_SHARED, file, 0);
	char *later = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, 8 * PAGE);
	look("private", private, 4);
	look("shared", shared, 4);
	look("later", later, 2);
	printf("rest: %s, %s\n", touched(private + PAGE + 100, 0), touched(private + 2 * PAGE - 1, 1));
	printf("written: %s\n", touched(private + 2 * PAGE, 1));
	/* Requests find nothing there, either. */
	SHOW(pread(file, private + 2 * PAGE, 10, 0));
	SHOW(pwrite(file, private + 2 * PAGE, 10, 0));
	SHOW(mprotect(private, 4 * PAGE, PROT_READ));
	look("read only", private, 4);
	SHOW(mprotect(private, 4 * PAGE, rw));
	look("writable again", private, 4);
	SHOW(msync(shared, 4 * PAGE, MS_SYNC));
	/* The file grows, and has pages for these places. */
	SHOW(pwrite(file, "x", 1, 3 * PAGE));
	SHOW(strcmp(shared + 3 * PAGE, "x"));
	look("grown", shared, 4);
	shared[2 * PAGE] = 'y';
	SHOW(msync(shared, 4 * PAGE, MS_SYNC));
	char read_back[2] = "";
	SHOW(pread(file, read_back, 1, 2 * PAGE));
	puts(read_back);
	look("later", later, 2);
	SHOW(ftruncate(file, 9 * PAGE));
	look("later, grown", later, 2);
	/* Something else takes the place. */
	SHOW(munmap(later, 2 * PAGE));
	printf("unmapped: %s\n", touched(later + PAGE, 0));
	SHOW(mmap(later, 2 * PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == later);
	look("replaced", later, 2);
	return 0;
}
