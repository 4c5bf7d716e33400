/* The first program: says where it runs and what it was given.
 *
 *     x86_64-hermit-gcc -O2 hello.c -o hello && ./hello world
 */
#include <stdio.h>
#include <sys/utsname.h>

int main(int argc, char **argv)
{
	struct utsname system;

	if (uname(&system) != 0) {
		perror("uname");
		return 1;
	}
	printf("Hello from %s %s on %s!\n", system.sysname, system.release, system.machine);
	for (int i = 1; i < argc; i++)
		printf("argv[%d] = %s\n", i, argv[i]);
	return 0;
}
