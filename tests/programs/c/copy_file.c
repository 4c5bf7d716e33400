//# output-file: source
//# output-file: copy
/* Writes a file, copies it block by block with read(2) and write(2), and reads it back. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int copy(const char *from, const char *to)
{
	char block[1000];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (in < 0 || out < 0)
		return -1;
	ssize_t len;
	long total = 0;
	while ((len = read(in, block, sizeof block)) > 0) {
		if (write(out, block, len) != len)
			return -1;
		total += len;
	}
	if (len < 0 || close(in) < 0 || close(out) < 0)
		return -1;
	printf("%ld bytes\n", total);
	return 0;
}

int main(void)
{
	FILE *file = fopen("source", "w");
	if (!file)
		return 1;
	for (int i = 0; i < 20000; i++)
		fprintf(file, "line %d\n", i);
	if (fclose(file))
		return 2;
	if (copy("source", "copy"))
		return 3;
	char line[32], last[32] = "";
	int lines = 0;
	file = fopen("copy", "r");
	while (fgets(line, sizeof line, file)) {
		snprintf(last, sizeof last, "%s", line);
		lines++;
	}
	printf("%d lines, the last is %s", lines, last);
	return copy("source", "copy") == -1 ? 0 : 4; /* O_EXCL: it exists now */
}
