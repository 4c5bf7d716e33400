/* SIGSEGV tells pages that are not there from pages that are there, and forbidden: also those that nobody has touched yet. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

static const char constant[PAGE] = "constant";
static sigjmp_buf out;
static volatile siginfo_t told;

static void on_fault(int signal, siginfo_t *info, void *context)
{
	(void)context;
	told = *info;
	siglongjmp(out, signal);
}

static void show(const char *what, int signal, const volatile void *address)
{
	printf("%s: signal %d code %d, address %d\n", what, signal, told.si_code,
	       signal == SIGTRAP || told.si_addr == (void *)(uintptr_t)address);
}

static void load(const char *what, const volatile char *address)
{
	const int signal = sigsetjmp(out, 1);
	if (signal == 0)
		(void)*address;
	show(what, signal, address);
}

static void store(const char *what, volatile char *address)
{
	const int signal = sigsetjmp(out, 1);
	if (signal == 0)
		*address = 1;
	show(what, signal, address);
}

static void call(const char *what, const char *address)
{
	const int signal = sigsetjmp(out, 1);
	if (signal == 0)
		((void (*)(void))(uintptr_t)address)();
	show(what, signal, address);
}

int main(void)
{
	const int signals[] = {SIGSEGV, SIGBUS, SIGTRAP};
	for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &(struct sigaction){.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO}, NULL);
	char *map = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	map[0] = map[PAGE] = 1;
	mprotect(map, PAGE, PROT_NONE);
	mprotect(map + PAGE, 2 * PAGE, PROT_READ);
	mprotect(map + 3 * PAGE, PAGE, PROT_NONE);
	munmap(map + 5 * PAGE, PAGE);
	load("no access", map);
	store("no access", map + 5);
	store("only reading", map + PAGE);
	store("only reading, untouched", map + 2 * PAGE + 7);
	load("no access, untouched", map + 3 * PAGE);
	load("unmapped", map + 5 * PAGE);
	store("unmapped", map + 5 * PAGE + 9);
	load("nothing", (char *)8);
	store("nothing", (char *)8);
	store("constants", (char *)(uintptr_t)constant);
	store("code", (char *)(uintptr_t)main);
	call("data", map + 4 * PAGE);
	call("nothing", (char *)16);
	char *fresh = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	load("mapped without access", fresh);
	mprotect(fresh, PAGE, PROT_READ);
	load("read at last", fresh);
	const int signal = sigsetjmp(out, 1);
	if (signal == 0)
		__asm__ volatile("int3");
	show("int3", signal, NULL);
	return 0;
}
