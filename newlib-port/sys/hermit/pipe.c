/* pipe(2): between threads of the isle. */
#include <unistd.h>

#include "hermit_libc.h"

WEAK int pipe2(int fds[2], int flags)
{
	return (int) to_c(sys_pipe2(fds, flags));
}

WEAK int pipe(int fds[2])
{
	return (int) to_c(sys_pipe2(fds, 0));
}
