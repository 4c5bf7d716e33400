//# cpus: 1 2
//# cflags: -pthread
//# mem: 1G
//# timeout-s: 240
/* Ten thousand threads at once: each works, or there is EAGAIN and all that started still end. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 10000 };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int passed;

static void *pass(void *argument)
{
	pthread_mutex_lock(&gate);
	passed++;
	pthread_mutex_unlock(&gate);
	return argument;
}

int main(void)
{
	pthread_t *threads = malloc(THREADS * sizeof *threads);
	int made = 0, error = 0, joined = 0;
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 64 * 1024);
	pthread_mutex_lock(&gate);
	while (made < THREADS && (error = pthread_create(&threads[made], &attributes, pass, NULL)) == 0)
		made++;
	pthread_mutex_unlock(&gate);
	for (int i = 0; i < made; i++)
		joined += pthread_join(threads[i], NULL) == 0;
	printf("%s, all passed %d, all joined %d\n", error == 0 || error == EAGAIN ? "fine" : "wrong error", passed == made, joined == made);
	printf("some %d, one more %d\n", made > 100, pthread_create(&threads[0], NULL, pass, NULL));
	pthread_join(threads[0], NULL);
	return 0;
}
