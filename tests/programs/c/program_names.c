/* A program's name in messages is the last part of its path. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	(void)argc;
	const char *slash = strrchr(argv[0], '/');
	printf("short is the last part: %d\n", strcmp(program_invocation_short_name, slash ? slash + 1 : argv[0]) == 0);
	printf("long is argv[0]: %d\n", strcmp(program_invocation_name, argv[0]) == 0);
	printf("a slash in the short one: %d\n", strchr(program_invocation_short_name, '/') != NULL);
	return 0;
}
