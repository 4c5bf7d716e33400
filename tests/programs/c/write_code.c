//# status: 139
//# stderr-contains: write to
/* Code is not writable. */
#include <stdio.h>

int main(void)
{
	puts("about to write");
	fflush(stdout);
	volatile unsigned char *code = (volatile unsigned char *)(void *)&main;
	*code = 0xcc;
	return 0;
}
