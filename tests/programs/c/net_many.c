//# cpus: 1 2
//# cflags: -pthread
//# timeout-s: 120
/* 400 connections, each served by a thread of its own, and work beside: threads that wait do not keep others from the host. */
#include "net.h"

enum { CONNECTIONS = 400, ROUNDS = 5 };

static int listener;

static void *serve(void *argument)
{
	int fd = (int)(long)argument;
	char buffer[64];
	ssize_t got;
	while ((got = recv(fd, buffer, sizeof(buffer), 0)) > 0)
		must("send", send(fd, buffer, (size_t)got, 0) == got);
	close(fd);
	return NULL;
}

static void *take(void *argument)
{
	pthread_attr_t attributes;
	static pthread_t threads[CONNECTIONS];
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 64 << 10);
	for (int i = 0; i < CONNECTIONS; i++) {
		int fd = accept(listener, NULL, NULL);
		must("accept", fd >= 0 && pthread_create(&threads[i], &attributes, serve, (void *)(long)fd) == 0);
	}
	for (int i = 0; i < CONNECTIONS; i++)
		pthread_join(threads[i], NULL);
	return argument;
}

int main(void)
{
	union address address;
	static int fds[CONNECTIONS];
	pthread_t thread;
	listener = listening(AF_INET, &address);
	pthread_create(&thread, NULL, take, NULL);
	for (int i = 0; i < CONNECTIONS; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM, 0);
		must("connect", connect(fds[i], &address.any, size_of(AF_INET)) == 0);
	}
	/* While all of them wait. */
	FILE *file = fopen("file", "w");
	must("write", file != NULL && fprintf(file, "text\n") == 5 && fclose(file) == 0);
	SHOW(poll(NULL, 0, 50));
	long sum = 0;
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CONNECTIONS; i++)
			must("send", send(fds[i], &(int){i * round}, sizeof(int), 0) == sizeof(int));
		for (int i = CONNECTIONS - 1; i >= 0; i--) {
			int answer = -1;
			must("recv", recv(fds[i], &answer, sizeof(int), MSG_WAITALL) == sizeof(int));
			sum += answer == i * round;
		}
	}
	printf("%ld of %d\n", sum, CONNECTIONS * ROUNDS);
	for (int i = 0; i < CONNECTIONS; i++)
		close(fds[i]);
	pthread_join(thread, NULL);
	return 0;
}
