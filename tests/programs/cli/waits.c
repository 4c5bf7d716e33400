/* Says that it is ready and waits to be interrupted: asleep, computing, or reading, as its argument says. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "asleep";
	char byte;
	puts("ready");
	fflush(stdout);
	if (strcmp(how, "asleep") == 0)
		sleep(1000);
	if (strcmp(how, "reading") == 0)
		read(0, &byte, 1);
	if (strcmp(how, "computing") == 0)
		for (volatile unsigned long i = 0; i < ~0ul; i++)
			;
	return 1;
}
