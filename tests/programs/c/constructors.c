//# compilers: gcc clang
/* Constructors by priority before main, destructors by priority after it, in whichever order they stand in the source; they see argc and
 * argv's libc ready. */
#include <stdio.h>
#include <stdlib.h>

static int order;

__attribute__((constructor(300))) static void late(void) { printf("%d constructor 300\n", order++); }
__attribute__((constructor(101))) static void early(void) { printf("%d constructor 101\n", order++); }
__attribute__((constructor(200))) static void middle(void) { printf("%d constructor 200\n", order++); }
__attribute__((constructor)) static void plain(void) { printf("%d constructor, PATH %s\n", order++, getenv("PATH") ? "set" : "unset"); }
__attribute__((destructor)) static void last_plain(void) { printf("%d destructor\n", order++); }
__attribute__((destructor(200))) static void last_middle(void) { printf("%d destructor 200\n", order++); }
__attribute__((destructor(300))) static void last_late(void) { printf("%d destructor 300\n", order++); }
__attribute__((destructor(101))) static void last_early(void) { printf("%d destructor 101\n", order++); }

int main(void)
{
	printf("%d main\n", order++);
	return 0;
}
