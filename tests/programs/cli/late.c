/* Says that it is ready, waits for a line, and then needs what it did not need before: as its argument says, a further vCPU or
 * a part of its image. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* Far from everything that is used before. */
static const char table[1 << 20] = { 1, 2, 3 };

static void *work(void *argument)
{
	*(int *)argument = 7;
	return NULL;
}

int main(int argc, char **argv)
{
	char line[16];
	int result = 0;
	pthread_t thread;
	puts("ready");
	fflush(stdout);
	if (argc < 2 || !fgets(line, sizeof line, stdin))
		return 1;
	if (strcmp(argv[1], "thread") == 0) {
		pthread_create(&thread, NULL, work, &result);
		pthread_join(thread, NULL);
	} else {
		for (const volatile char *byte = table; byte < table + sizeof table; byte += 4096)
			result += *byte;
	}
	printf("result %d\n", result);
	return 0;
}
