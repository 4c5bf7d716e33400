//# cpus: 1 2 4
//# cflags: -pthread
//# output-file: outlives
//# output-file: flushed
/* Streams belong to the program, not to the thread that opened them: they outlive it, another thread's fflush(NULL)
 * writes them, exit writes the rest, and their number grows and shrinks. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STREAMS = 20 };

static FILE *outlives, *flushed;

static void *opens(void *argument)
{
	outlives = fopen("outlives", "w");
	flushed = fopen("flushed", "w");
	fprintf(outlives, "from %s, ", (char *)argument);
	fprintf(flushed, "from %s", (char *)argument);
	return NULL;
}

static void *flushes_all(void *argument)
{
	return (void *)(long)fflush(argument);
}

static void *many(void *argument)
{
	FILE *streams[STREAMS];
	char name[40], text[40];
	long faults = 0;
	for (int i = 0; i < STREAMS; i++) {
		snprintf(name, sizeof name, "many-%ld-%d", (long)argument, i);
		streams[i] = fopen(name, "w+");
		fprintf(streams[i], "%s", name);
	}
	for (int i = 0; i < STREAMS; i++) {
		snprintf(name, sizeof name, "many-%ld-%d", (long)argument, i);
		rewind(streams[i]);
		faults += fgets(text, sizeof text, streams[i]) == NULL || strcmp(text, name) != 0;
		faults += fclose(streams[i]) != 0;
		faults += remove(name) != 0;
	}
	return (void *)faults;
}

static long run(void *(*function)(void *), void *argument)
{
	pthread_t thread;
	void *result;
	pthread_create(&thread, NULL, function, argument);
	pthread_join(thread, &result);
	return (long)result;
}

static long size_of(const char *name)
{
	FILE *file = fopen(name, "r");
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	fclose(file);
	return size;
}

int main(void)
{
	pthread_t threads[4];
	long faults = 0;
	run(opens, "a thread");
	printf("before %ld", size_of("flushed"));
	printf(", fflush %ld", run(flushes_all, NULL));
	printf(", after %ld\n", size_of("flushed"));
	for (long i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, many, (void *)i);
	for (int i = 0; i < 4; i++) {
		void *result;
		pthread_join(threads[i], &result);
		faults += (long)result;
	}
	printf("faults %ld\n", faults);
	fprintf(outlives, "and from main");
	return 0;
}
