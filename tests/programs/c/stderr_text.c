//# stderr-contains: error: text 42
//# stderr-contains: : No such file or directory
/* Standard error is not standard output. */
#include <errno.h>
#include <stdio.h>

int main(void)
{
	fprintf(stderr, "error: text %d\n", 42);
	errno = ENOENT;
	perror("perror");
	puts("out");
	return 0;
}
