//# stdin: first line\nsecond\\line\n\nlast without newline
/* cat: standard input is a pipe. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char block[7];
	ssize_t len;
	while ((len = read(0, block, sizeof block)) > 0)
		write(1, block, len);
	return len == 0 ? 0 : 1;
}
