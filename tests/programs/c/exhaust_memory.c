//# mem: 64M
/* malloc says NULL and ENOMEM when memory is exhausted; what was freed can be used again; the program goes on. */
#include <stdlib.h>
#include <string.h>

#include "show.h"

enum { BLOCK = 1 << 20, MOST = 200 };

int main(void)
{
	static char *blocks[MOST];
	int count = 0;
	errno = 0;
	while (count < MOST && (blocks[count] = malloc(BLOCK))) {
		memset(blocks[count], count, BLOCK);
		count++;
	}
	if (count == MOST || count < 16) {
		printf("%d MiB?\n", count);
		return 1;
	}
	printf("NULL, errno %s\n", errno == ENOMEM ? "ENOMEM" : "?");
	for (int i = 0; i < count; i++)
		if (blocks[i][0] != (char)i || blocks[i][BLOCK - 1] != (char)i)
			return 2;
	for (int i = 0; i < count; i++)
		free(blocks[i]);
	char *again = malloc(8 * BLOCK);
	printf("again %s\n", again ? "yes" : "no");
	errno = 0;
	volatile size_t absurd = (size_t)1 << 60;
	SHOW(malloc(absurd) ? 0 : -1);
	return 0;
}
