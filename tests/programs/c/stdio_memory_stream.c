/* open_memstream: seeking back destroys nothing, gaps are zeros, the size is the position inside of the text. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	fputs("abcq", file);
	fflush(file);
	printf("%s %zu\n", text, size);
	fseek(file, 1, SEEK_SET);
	fflush(file);
	printf("%.4s %zu\n", text, size);
	fputc('X', file);
	fflush(file);
	printf("%.4s %zu\n", text, size);
	fseek(file, 20, SEEK_SET);
	fputc('z', file);
	fclose(file);
	printf("%s %zu %d %c %d\n", text, size, text[15], text[20], text[21]);
	free(text);
	return 0;
}
