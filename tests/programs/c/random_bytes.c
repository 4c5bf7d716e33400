/* Random bytes are random from the first to the last, however many are asked for. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "show.h"

static unsigned char bytes[100000], other[100000];

/* How many pieces of 16 bytes are the same in both, or all zero. */
static int repeated(void)
{
	static const unsigned char zero[16];
	int count = 0;
	for (size_t i = 0; i + 16 <= sizeof bytes; i += 16)
		count += !memcmp(&bytes[i], &other[i], 16) || !memcmp(&bytes[i], zero, 16) || !memcmp(&other[i], zero, 16);
	return count;
}

int main(void)
{
	SHOW(getrandom(bytes, sizeof bytes, 0));
	SHOW(getrandom(other, sizeof other, 0));
	SHOW(repeated());
	memset(bytes, 0, sizeof bytes);
	memset(other, 0, sizeof other);
	for (size_t i = 0; i < sizeof bytes; i += 250) { /* getentropy gives 256 bytes at most */
		if (getentropy(&bytes[i], 250) || getentropy(&other[i], 250))
			puts("getentropy failed");
	}
	SHOW(repeated());
	SHOW(getentropy(bytes, 257));
	return 0;
}
