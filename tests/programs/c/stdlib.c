/* abs, div, rand's range, bsearch's relatives, mkstemp, realpath, random numbers from seeds. */
#include <inttypes.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	div_t quotient = div(-7, 2);
	lldiv_t large = lldiv(-1000000000007, 10);
	printf("%d %d %lld %lld %d %jd\n", quotient.quot, quotient.rem, large.quot, large.rem, abs(-5), imaxabs(-9));
	srand(1);
	for (int i = 0; i < 1000; i++)
		if (rand() < 0)
			return 1;
	srand48(42);
	printf("%.12f %ld\n", drand48(), lrand48());
	char name[] = "fileXXXXXX", path[PATH_MAX];
	int fd = mkstemp(name);
	printf("mkstemp %d %d\n", fd >= 0, strcmp(name, "fileXXXXXX") != 0);
	char *real = realpath("././/", path);
	printf("realpath %d\n", real && real[0] == '/' && real[strlen(real) - 1] != '/');
	close(fd);
	return unlink(name);
}
