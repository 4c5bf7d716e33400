//# cflags: -mcmodel=large
//# mem: 8G
//# isles: process uhyve
//# compare: none
//# stdout: 7 2 0 5\n
/* 2.6 GB of static arrays in the large code model, where small ones are far away, too. Static programs of glibc do not link so. */
#include <stdio.h>

static char bytes[2500000000];
double numbers[10000000];
int initialized[50000] = {[49999] = 5};

int main(void)
{
	bytes[sizeof(bytes) - 1] = 7;
	numbers[9999999] = 2;
	printf("%d %g %d %d\n", bytes[sizeof(bytes) - 1], numbers[9999999], bytes[1], initialized[49999]);
	return 0;
}
