//# stdin: @stdin_file.c
/* Standard input is a file: it can be read by lines, sought in, and asked for its size. */
#include <stdio.h>
#include <sys/stat.h>

int main(void)
{
	struct stat st;
	char line[256];
	int lines = 0;
	while (fgets(line, sizeof line, stdin))
		lines++;
	printf("%d lines, fstat %d, size ", lines, fstat(0, &st));
	printf("%lld, regular %d\n", (long long)st.st_size, S_ISREG(st.st_mode));
	rewind(stdin);
	printf("%s", fgets(line, sizeof line, stdin));
	fseek(stdin, -3, SEEK_END);
	printf("%c %ld\n", getchar(), ftell(stdin));
	return 0;
}
