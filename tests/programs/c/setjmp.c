//# compilers: gcc clang
/* setjmp and longjmp keep registers, across several frames; longjmp of 0 becomes 1. */
#include <setjmp.h>
#include <stdio.h>

static jmp_buf home;

__attribute__((noinline)) static void dive(int depth, int value)
{
	volatile char room[100];
	room[0] = (char)depth;
	if (depth == 0)
		longjmp(home, value);
	dive(depth - 1, value);
	puts("never here");
	(void)room;
}

int main(void)
{
	static const int values[] = { 1, 42, -1, 0 };
	for (volatile int i = 0; i < 4; i++) {
		int value = setjmp(home);
		if (value == 0)
			dive(10, values[i]);
		else
			printf("back with %d\n", value);
	}
	sigjmp_buf mark;
	volatile int rounds = 0;
	if (sigsetjmp(mark, 1) < 3) {
		rounds = rounds + 1;
		siglongjmp(mark, rounds);
	}
	printf("%d rounds\n", rounds);
	return 0;
}
