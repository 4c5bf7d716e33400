//# stdout-to: closed-pipe
//# status: 141
/* Writing where nobody reads ends the program like SIGPIPE. */
#include <stdio.h>

int main(void)
{
	for (int i = 0; i < 100000; i++)
		puts("nobody reads this");
	return 0;
}
