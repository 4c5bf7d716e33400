//# output-file: log
/* "a+" reads from the beginning and writes at the end; "e"; names of functions for large files. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	char line[100];
	FILE *file = fopen("log", "w");
	fputs("first\nsecond\n", file);
	fclose(file);
	file = fopen("log", "a+");
	printf("%s", fgets(line, sizeof(line), file));
	fseek(file, 0, SEEK_CUR);
	fputs("third\n", file);
	fflush(file);
	rewind(file);
	while (fgets(line, sizeof(line), file) != NULL)
		printf("%s", line);
	fclose(file);
	file = fopen64("log", "re");
	printf("%d %d\n", fcntl(fileno(file), F_GETFD), fseeko64(file, 6, SEEK_SET));
	off64_t at = ftello64(file);
	printf("%d\n", (int) at);
	fclose(file);
	return 0;
}
