/* 64 MiB into a pipe. */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	static uint32_t block[1 << 18];
	uint32_t state = 1;
	for (int i = 0; i < 64; i++) {
		for (unsigned k = 0; k < sizeof block / sizeof *block; k++)
			block[k] = state = state * 1664525u + 1013904223u;
		const char *from = (const char *)block;
		for (size_t left = sizeof block; left > 0;) {
			ssize_t len = write(1, from, left);
			if (len <= 0)
				return 1;
			from += len;
			left -= len;
		}
	}
	return 0;
}
