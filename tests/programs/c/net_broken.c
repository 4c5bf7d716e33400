/* Connections that break: EPIPE and SIGPIPE, ECONNRESET, ECONNREFUSED, nobody there; data out of band. */
#include "net.h"

static volatile sig_atomic_t pipes;

static void on_pipe(int signal)
{
	pipes += signal == SIGPIPE;
}

static void peer_gone(void)
{
	int ends[2];
	connected(ends);
	close(ends[1]);
	SHOW(readable(ends[0]));
	char c;
	SHOW(recv(ends[0], &c, 1, 0));
	send(ends[0], "x", 1, MSG_NOSIGNAL);
	struct pollfd entry = {ends[0], 0, 0};
	poll(&entry, 1, 30000); /* The other side refuses it. */
	printf("hung up %d\n", (entry.revents & (POLLHUP | POLLERR)) != 0);
	SHOW(send(ends[0], "x", 1, MSG_NOSIGNAL));
	printf("signals: %d\n", (int)pipes);
	SHOW(send(ends[0], "x", 1, 0));
	SHOW(write(ends[0], "x", 1));
	printf("signals: %d\n", (int)pipes);
	close(ends[0]);
}

static void reset(void)
{
	int ends[2];
	char c;
	connected(ends);
	struct linger linger = {1, 0};
	SHOW(setsockopt(ends[1], SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	close(ends[1]);
	SHOW(readable(ends[0]));
	SHOW(recv(ends[0], &c, 1, 0));
	SHOW(recv(ends[0], &c, 1, 0));
	close(ends[0]);
}

static void refused(void)
{
	union address address;
	int fd = bound(AF_INET, SOCK_STREAM, &address); /* Nobody listens. */
	int client = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(connect(client, &address.any, size_of(AF_INET)));
	SHOW(send(client, "x", 1, MSG_NOSIGNAL));
	SHOW(getpeername(client, &address.any, &(socklen_t){sizeof(address)}));
	close(client);
	close(fd);
}

static void out_of_band(void)
{
	int ends[2];
	char c = 0;
	connected(ends);
	SHOW(recv(ends[1], &c, 1, MSG_OOB));
	SHOW(send(ends[0], "ab", 2, 0));
	SHOW(send(ends[0], "!", 1, MSG_OOB));
	struct pollfd entry = {ends[1], POLLPRI, 0};
	SHOW(poll(&entry, 1, 30000));
	SHOW(recv(ends[1], &c, 1, MSG_OOB));
	printf("%c\n", c);
	SHOW(sockatmark(ends[1]));
	int count = 0;
	SHOW(ioctl(ends[1], FIONREAD, &count));
	SHOW(count);
	char two[2];
	SHOW(recv(ends[1], two, 2, MSG_WAITALL));
	SHOW(sockatmark(ends[1]));
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	signal(SIGPIPE, on_pipe);
	peer_gone();
	reset();
	refused();
	out_of_band();
	return 0;
}
