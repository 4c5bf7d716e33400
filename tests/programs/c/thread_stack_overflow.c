//# cpus: 1 2
//# cflags: -pthread
//# status: 139
//# stderr-contains: stack overflow
//# stderr-contains: in thread 2 ('overflowing')
//# stderr-contains: recurse
/* Endless recursion in a thread hits the guard page of its stack: the report says where, and the isle ends. */
#include <pthread.h>
#include <stdio.h>

__attribute__((noinline)) int recurse(volatile char *above)
{
	volatile char room[1000];
	room[0] = *above;
	return recurse(room) + room[0];
}

static void *overflow(void *argument)
{
	volatile char start = 1;
	pthread_setname_np(pthread_self(), "overflowing");
	recurse(&start);
	return argument;
}

int main(void)
{
	pthread_t thread;
	puts("before");
	fflush(stdout);
	pthread_create(&thread, NULL, overflow, NULL);
	pthread_join(thread, NULL);
	puts("never here");
	return 0;
}
