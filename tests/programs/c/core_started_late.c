//# cpus: 2 4
//# cflags: -pthread
/* The first thread of another core comes when all free memory has been used and unmapped before. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { THREADS = 8, PAGE = 4096, PAGES = 4096 };

static void *sum(void *argument)
{
	return (char *)argument + 1;
}

int main(void)
{
	pthread_t threads[THREADS];
	char *used = mmap(NULL, (size_t)PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (used == MAP_FAILED)
		return 1;
	memset(used, 7, (size_t)PAGES * PAGE);
	for (int i = 0; i < PAGES; i += 32)
		munmap(used + (size_t)i * PAGE, 32 * PAGE);
	long created = 0, ended = 0;
	for (long i = 0; i < THREADS; i++)
		created += pthread_create(&threads[i], NULL, sum, (void *)i) == 0;
	for (long i = 0; i < created; i++) {
		void *result = NULL;
		ended += pthread_join(threads[i], &result) == 0 && (long)result == i + 1;
	}
	printf("created %ld, ended %ld\n", created, ended);
	return 0;
}
