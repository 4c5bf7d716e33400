/* Both streams in one pipe keep the order that flushing gives them. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	dup2(1, 2);
	printf("1 buffered, comes with the flush\n");
	fflush(stdout);
	fprintf(stderr, "2 at once\n");
	write(1, "3 raw\n", 6);
	setvbuf(stdout, NULL, _IONBF, 0);
	printf("4 not buffered\n");
	fprintf(stderr, "5 at once\n");
	fputs("6 at once\n", stderr);
	return 0;
}
