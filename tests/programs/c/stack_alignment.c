/* The stack is aligned as the ABI says in main, constructors, atexit handlers, signal handlers and qsort's comparison. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((noinline)) static int crooked(void)
{
	volatile _Alignas(16) char room[16]; /* the compiler relies on the ABI here */
	room[0] = 0;
	return (uintptr_t)__builtin_frame_address(0) % 16 != 0 || (uintptr_t)room % 16 != 0;
}

static int in_constructor, in_handler, in_compare;

__attribute__((constructor)) static void constructor(void) { in_constructor = crooked(); }
static void handler(int signal) { (void)signal; in_handler = crooked(); }
static void at_exit(void) { printf("atexit %d\n", crooked()); fflush(stdout); }

static int compare(const void *a, const void *b)
{
	in_compare |= crooked();
	return *(const char *)a - *(const char *)b;
}

int main(void)
{
	char letters[] = "qwerty";
	atexit(at_exit);
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	qsort(letters, 6, 1, compare);
	printf("main %d constructor %d handler %d compare %d %s\n", crooked(), in_constructor, in_handler, in_compare, letters);
	return 0;
}
