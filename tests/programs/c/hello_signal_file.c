//# args: one two
//# cpus: 1 2 4
//# output-file: test.txt
/* The original's hello: greets, shows its arguments, catches a signal that it raises, reads the host's name, writes a file. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void receive(int number)
{
	printf("Receive signal with number %d\n", number);
}

int main(int argc, char **argv)
{
	char name[256] = "";
	puts("Hello World!!!");
	for (int i = 1; i < argc; i++)
		printf("argv[%d] = %s\n", i, argv[i]);
	signal(SIGUSR1, receive);
	raise(SIGUSR1);
	FILE *file = fopen("/etc/hostname", "r");
	if (!file || !fgets(name, sizeof name, file)) {
		perror("/etc/hostname");
		return EXIT_FAILURE;
	}
	fclose(file);
	printf("Hostname: %s", name);
	file = fopen("test.txt", "w");
	if (!file || fputs("Hello World!!!\n", file) < 0 || fclose(file) != 0) {
		perror("test.txt");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
