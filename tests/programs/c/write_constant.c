//# status: 139
/* Constants are not writable. */
#include <stdio.h>

static const char text[] = "constant";

int main(void)
{
	puts("about to write");
	fflush(stdout);
	volatile char *place = (volatile char *)(void *)text;
	*place = 'C';
	puts(text);
	return 0;
}
