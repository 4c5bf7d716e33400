//# stdout-to: closed-pipe
//# status: 5
/* With SIGPIPE ignored the write fails with EPIPE and the program goes on. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	errno = 0;
	return write(1, "x", 1) == -1 && errno == EPIPE ? 5 : 6;
}
