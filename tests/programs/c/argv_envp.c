//# args: one "two words" "" 'qu"ote' "tab	tab" ünïcode -- --help -v
//# env: EMPTY=
//# env: NAME=value
//# env: EQUALS=a=b=c
//# env: SPACES=  two  words  
/* Prints every argument and the whole environment, except what the runner itself needs. */
#include <stdio.h>
#include <string.h>

extern char **environ;

int main(int argc, char **argv, char **envp)
{
	const char *slash = strrchr(argv[0], '/');
	printf("argc %d\nargv[0] ends in %s\n", argc, slash ? slash + 1 : argv[0]);
	for (int i = 1; i < argc; i++)
		printf("argv[%d] <%s>\n", i, argv[i]);
	printf("argv[argc] %s\n", argv[argc] ? "set" : "NULL");
	printf("envp %s environ\n", envp == environ ? "is" : "is not");
	for (char **variable = envp; *variable; variable++) {
		if (strncmp(*variable, "HERMIT_", 7) == 0 || strncmp(*variable, "TMPDIR=", 7) == 0 ||
		    strncmp(*variable, "XDG_RUNTIME_DIR=", 16) == 0)
			continue;
		printf("%s\n", *variable);
	}
	return 0;
}
