//# output-file: text
//# output-file: binary
/* fopen in all modes, fseek, ftell, fread, fwrite, freopen, tmpfile, getline, getdelim, fgetpos, remove. */
#include <stdlib.h>
#include <string.h>

#include "show.h"

static void show(const char *path)
{
	char line[128];
	FILE *file = fopen(path, "r");
	while (fgets(line, sizeof line, file))
		printf("  %s", line);
	printf("  eof %d\n", feof(file) != 0);
	fclose(file);
}

int main(void)
{
	FILE *file = fopen("text", "w+");
	fprintf(file, "one\ntwo\nthree\n");
	fseek(file, 4, SEEK_SET);
	fputs("TWO", file);
	fflush(file);
	rewind(file);
	char *line = NULL;
	size_t room = 0;
	while (getline(&line, &room, file) > 0)
		printf("getline %s", line);
	printf("tell %ld\n", ftell(file));
	fclose(file);
	file = fopen("text", "a+");
	fputs("four;five;six\n", file);
	fseek(file, 14, SEEK_SET);
	while (getdelim(&line, &room, ';', file) > 0)
		printf("getdelim <%s>\n", line);
	fclose(file);
	show("text");
	double numbers[1000], back[1000];
	for (int i = 0; i < 1000; i++)
		numbers[i] = i / 8.0;
	file = fopen("binary", "wb");
	printf("fwrite %zu", fwrite(numbers, sizeof *numbers, 1000, file));
	printf(" fclose %d\n", fclose(file));
	file = fopen("binary", "r+b");
	fpos_t mark;
	fseek(file, 800, SEEK_SET);
	fgetpos(file, &mark);
	printf("fread %zu\n", fread(back, sizeof *back, 1000, file));
	fsetpos(file, &mark);
	fread(back, sizeof *back, 1, file);
	printf("%g, same %d\n", back[0], memcmp(back + 1, numbers + 101, 100 * sizeof *back) == 0);
	fclose(file);
	file = tmpfile();
	fputs("temporary", file);
	rewind(file);
	char word[16] = "";
	printf("tmpfile %d <%s>\n", fscanf(file, "%15s", word), word);
	fclose(file);
	SHOW(fopen("missing", "r") ? 0 : -1);
	SHOW(fopen(".", "w") ? 0 : -1);
	if (!freopen("copy", "w", stderr))
		return 1;
	fputs("redirected\n", stderr);
	fclose(stderr);
	show("copy");
	SHOW(remove("copy"));
	SHOW(remove("copy"));
	free(line);
	return 0;
}
