/* Of memory that was used and given back every page is gone, for few pages and for many: the core has to forget each translation. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

static sigjmp_buf out;

static void on_fault(int signal)
{
	siglongjmp(out, signal);
}

static int is_gone(const volatile char *address)
{
	if (sigsetjmp(out, 1) != 0)
		return 1;
	(void)*address;
	return 0;
}

int main(void)
{
	const int counts[] = {1, 2, 3, 31, 64, 65, 200};
	signal(SIGSEGV, on_fault);
	for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
		const int nr_pages = counts[i];
		volatile char *map =
			mmap(NULL, nr_pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (int page = 0; page < nr_pages; page++)
			map[page * PAGE] = 1;
		munmap((void *)map, nr_pages * PAGE);
		int nr_gone = 0;
		for (int page = 0; page < nr_pages; page++)
			nr_gone += is_gone(map + page * PAGE);
		printf("%d of %d gone\n", nr_gone, nr_pages);
	}
	return 0;
}
