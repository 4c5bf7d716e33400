//# cpus: 1 2
/* A read of several buffers takes what is in a pipe, and waits for no more: neither when it fills the first buffer, nor a part of the second. */
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	int ends[2];
	char first[4] = "", second[8] = "";
	struct iovec vectors[] = { { first, 3 }, { second, 7 } };
	SHOW(pipe(ends));
	for (int i = 0; i < 2; i++) {
		SHOW(write(ends[1], "one", 3));
		SHOW(readv(ends[0], vectors, 2)); /* just the first */
		SHOW(write(ends[1], "twoto", 5));
		SHOW(readv(ends[0], vectors, 2)); /* a part of the second */
		printf("%s %s\n", first, second);
		SHOW(write(ends[1], "x", 1));
		SHOW(readv(ends[0], vectors, 2)); /* a part of the first */
		SHOW(fcntl(ends[0], F_SETFL, O_NONBLOCK));
		SHOW(readv(ends[0], vectors, 2));
	}
	return 0;
}
