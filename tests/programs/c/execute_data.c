//# status: 139
/* Data is not executable. */
#include <stdio.h>

static unsigned char code[16] = { 0xb8, 42, 0, 0, 0, 0xc3 };

int main(void)
{
	puts("about to jump");
	fflush(stdout);
	int (*volatile function)(void) = (int (*)(void))(void *)code;
	return function();
}
