/* Copying strings: strcpy, stpcpy, strcat, strncat. Finding the end and then moving all at once beats a loop that does both. */
#include <string.h>

char *stpcpy(char *restrict to, const char *restrict from)
{
	size_t len = strlen(from);
	return (char *) memcpy(to, from, len + 1) + len;
}

char *strcpy(char *restrict to, const char *restrict from)
{
	return memcpy(to, from, strlen(from) + 1);
}

char *strcat(char *restrict to, const char *restrict from)
{
	strcpy(to + strlen(to), from);
	return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t limit)
{
	size_t len = strnlen(from, limit);
	char *end = to + strlen(to);
	memcpy(end, from, len);
	end[len] = '\0';
	return to;
}
