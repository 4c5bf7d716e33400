//# args-count: 10000
//# env-kib: 1024
/* 10,000 arguments and 1 MiB of environment arrive complete. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	return hash;
}

int main(int argc, char **argv, char **envp)
{
	uint64_t arguments = 0xcbf29ce484222325u, environment = arguments;
	size_t bytes = 0, count = 0;
	for (int i = 1; i < argc; i++)
		arguments = hash(arguments, argv[i]);
	for (; *envp; envp++) {
		if (strncmp(*envp, "VARIABLE_", 9) != 0)
			continue;
		environment = hash(environment, *envp);
		bytes += strlen(*envp) + 1;
		count++;
	}
	printf("argc %d, last %s, hash %016llx\n", argc, argv[argc - 1], (unsigned long long)arguments);
	printf("envc %zu, %zu bytes, hash %016llx\n", count, bytes, (unsigned long long)environment);
	printf("VARIABLE_1023 has %zu characters\n", strlen(getenv("VARIABLE_1023")));
	return argc == 10001 && bytes == 1 << 20 ? 0 : 1;
}
