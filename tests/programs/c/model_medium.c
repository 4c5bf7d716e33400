//# cflags: -mcmodel=medium
//# mem: 8G
//# isles: process
//# compare: none
//# stdout: 7 2 0 5\n
/* 6 GB of static arrays in the medium code model, zero and not: virtual machines hold no image of more than 3 GiB, QEMU of 2. Static programs of glibc do not link so. */
#include <stdio.h>

static char bytes[5000000000];
double numbers[125000000];
int initialized[50000] = {[49999] = 5};

int main(void)
{
	bytes[sizeof(bytes) - 1] = 7;
	numbers[124999999] = 2;
	printf("%d %g %d %d\n", bytes[sizeof(bytes) - 1], numbers[124999999], bytes[1], initialized[49999]);
	return 0;
}
