//# mem: 2G
//# timeout-s: 240
/* The original's test-malloc: blocks of 16 KiB * i, growing to 1.6 GiB, each taken, written at both ends and given back.
 * Every tenth of its 100,000: QEMU without KVM is slow. */
#include <stdio.h>
#include <stdlib.h>

enum { STEP = 16 * 1024, BLOCKS = 100000, STRIDE = 10 };

int main(void)
{
	long faults = 0, i;
	for (i = 1; i < BLOCKS; i += STRIDE) {
		size_t size = (size_t)STEP * (size_t)i;
		unsigned char *block = malloc(size);
		if (!block)
			break;
		block[0] = (unsigned char)i;
		block[size - 1] = (unsigned char)(i + 1);
		faults += block[0] != (unsigned char)i || block[size - 1] != (unsigned char)(i + 1);
		free(block);
	}
	printf("grew to %ld, faults %ld\n", i, faults);
	return 0;
}
