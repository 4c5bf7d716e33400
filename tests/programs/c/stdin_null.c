/* Nothing on standard input, and a character pushed back. */
#include <stdio.h>

int main(void)
{
	int first = getchar();
	int pushed = ungetc('x', stdin), again = getchar(), end = getchar();
	printf("%d %c %c %d %d %d\n", first, pushed, again, end, feof(stdin) != 0, ferror(stdin) != 0);
	return 0;
}
