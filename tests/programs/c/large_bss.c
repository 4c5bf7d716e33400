//# mem: 512M
/* 100 MiB of zeros in .bss, a large initialised array in .data. */
#include <stdio.h>

static unsigned char zeros[100 << 20];
static int data[1 << 16] = { [0] = 1, [65535] = 7 };

int main(void)
{
	unsigned long any = 0;
	for (size_t i = 0; i < sizeof zeros; i++)
		any |= zeros[i];
	for (size_t i = 0; i < sizeof zeros; i += 4096)
		zeros[i] = (unsigned char)(i >> 12);
	unsigned long sum = 0;
	for (size_t i = 0; i < sizeof zeros; i += 4096)
		sum += zeros[i];
	printf("%lu %lu %d %d %d\n", any, sum, data[0], data[1], data[65535]);
	return 0;
}
