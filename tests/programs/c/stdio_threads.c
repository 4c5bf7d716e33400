//# cpus: 1 2 4
//# cflags: -pthread
/* Lines that four threads print into one stream stay whole, and flockfile keeps several together. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 4, LINES = 500 };

static FILE *file;

static void *print(void *argument)
{
	for (int i = 0; i < LINES; i++) {
		flockfile(file);
		fprintf(file, "%ld begin %d\n", (long)argument, i);
		fprintf(file, "%ld end %d\n", (long)argument, i);
		funlockfile(file);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	int next[THREADS] = { 0 }, faults = 0, lines = 0;
	file = fopen("lines", "w+");
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, print, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	rewind(file);
	char begin[80], end[80], expected[80];
	while (fgets(begin, sizeof begin, file) && fgets(end, sizeof end, file)) {
		long id = -1;
		int number = -1;
		sscanf(begin, "%ld begin %d", &id, &number);
		snprintf(expected, sizeof expected, "%ld end %d\n", id, number);
		faults += id < 0 || id >= THREADS || number != next[id]++ || strcmp(end, expected) != 0;
		lines += 2;
	}
	printf("lines %d, faults %d\n", lines, faults);
	return 0;
}
