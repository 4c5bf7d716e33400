/* /dev/null, /dev/zero, /dev/urandom, /dev/full if it is there as on Linux. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	unsigned char a[256], b[256];
	struct stat st;
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), random = open("/dev/urandom", O_RDONLY);
	printf("open %d %d %d\n", null >= 0, zero >= 0, random >= 0);
	SHOW(write(null, "text", 4));
	SHOW(read(null, a, sizeof a));
	memset(a, 1, sizeof a);
	SHOW(write(zero, "text", 4));
	SHOW(read(zero, a, sizeof a));
	int any = 0;
	for (unsigned i = 0; i < sizeof a; i++)
		any |= a[i];
	printf(" any %d\n", any);
	SHOW(read(random, a, sizeof a));
	SHOW(read(random, b, sizeof b));
	int different = 0;
	for (unsigned i = 0; i < sizeof a; i++)
		different += a[i] != b[i];
	printf(" different %d\n", different > 200);
	printf("character devices %d", stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
	printf(" %d", fstat(zero, &st) == 0 && S_ISCHR(st.st_mode));
	printf(" %d\n", fstat(random, &st) == 0 && S_ISCHR(st.st_mode));
	printf("terminals %d %d\n", isatty(null), isatty(1));
	return close(null) | close(zero) | close(random);
}
