/* Shows by what name it was called, with which arguments, and what of its environment is the proxy's business. */
#include <stdio.h>
#include <string.h>

extern char **environ;

int main(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("%d [%s]\n", i, argv[i]);
	for (char **entry = environ; *entry; entry++)
		if (strncmp(*entry, "HERMIT_ARGV", 11) == 0 || strncmp(*entry, "MINE=", 5) == 0)
			printf("{%s}\n", *entry);
	return 7;
}
