/* Functions of stdio that newlib has under other names only. */
#include <stdio.h>
#include <sys/types.h>

#include "hermit_libc.h"

WEAK ssize_t getdelim(char **restrict line, size_t *restrict room, int delimiter, FILE *restrict file)
{
	return __getdelim(line, room, delimiter, file);
}

WEAK ssize_t getline(char **restrict line, size_t *restrict room, FILE *restrict file)
{
	return __getdelim(line, room, '\n', file);
}
