//# cflags: -std=c99 -D_DEFAULT_SOURCE
/* What <stdlib.h> brings along: types, select's, alloca in strict modes, the macros of wait. */
#include <stdlib.h>

#include <stdio.h>

int main(int argc, char **argv)
{
	struct timeval time = {argc, 0};
	fd_set set;
	pid_t process = 3;
	u_int32_t number = 7;
	char *room = alloca(9);
	(void) argv;
	FD_ZERO(&set);
	room[0] = (char) argc;
	printf("%d %d %d %d %d\n", (int) time.tv_sec, FD_ISSET(1, &set), (int) process, (int) number, room[0]);
	printf("%d %d %d\n", WIFEXITED(256), WEXITSTATUS(256), WTERMSIG(9));
	return 0;
}
