//# output-file: bytes
/* Formatted wide functions and those for wide lines leave a stream of bytes alone. */
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>

int main(void)
{
	wchar_t wide[10];
	FILE *file = fopen("bytes", "w+");
	printf("%d ", fprintf(file, "bytes"));
	printf("%d ", fwprintf(file, L"wide"));
	printf("%d ", fputws(L"w", file));
	printf("%d\n", fwide(file, 1) < 0);
	rewind(file);
	printf("%d ", fgetc(file));
	printf("%d ", fgetws(wide, 10, file) == NULL);
	printf("%d\n", fgetc(file));
	fclose(file);
	file = fopen("wide", "w+");
	printf("%d %d\n", fwprintf(file, L"wide %d", 5), fwide(file, -1) > 0);
	rewind(file);
	printf("%lc\n", fgetwc(file));
	fclose(file);
	return 0;
}
