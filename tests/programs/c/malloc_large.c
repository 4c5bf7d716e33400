//# mem: 2G
/* 1 GiB of malloc, every page touched, read back, given back, and taken again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	const size_t size = 1u << 30, step = 4096;
	for (int round = 0; round < 2; round++) {
		unsigned char *memory = malloc(size);
		if (!memory)
			return 1;
		for (size_t i = 0; i < size; i += step)
			memory[i] = (unsigned char)(i / step * 7 + round);
		memory[size - 1] = 9;
		uint64_t sum = 0;
		for (size_t i = 0; i < size; i += step)
			sum = sum * 31 + memory[i];
		printf("%llx\n", (unsigned long long)sum);
		free(memory);
	}
	return 0;
}
