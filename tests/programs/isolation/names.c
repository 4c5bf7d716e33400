/* The names of all variables, one a line. */
#include <stdio.h>
#include <string.h>

extern char **environ;

int main(void)
{
	for (char **entry = environ; *entry; entry++) printf("%.*s\n", (int)strcspn(*entry, "="), *entry);
	return 0;
}
