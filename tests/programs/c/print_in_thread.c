/* What only a thread has printed, and nobody has flushed, comes out at the end of the program. */
#include <pthread.h>
#include <stdio.h>

static void *print(void *unused)
{
	(void)unused;
	printf("printed by a thread\n");
	return NULL;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, print, NULL) != 0)
		return 1;
	return pthread_join(thread, NULL);
}
