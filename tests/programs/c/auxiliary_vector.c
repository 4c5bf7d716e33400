/* What the kernel tells behind the environment, and what a handler's stack needs of it. */
#include <cpuid.h>
#include <link.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static volatile int handled;

static void on_signal(int signal)
{
	char used[64];
	memset(used, signal, sizeof used);
	handled = used[63];
}

int main(int argc, char **argv, char **envp)
{
	(void)argc;
	char **end = envp;
	while (*end != NULL)
		end++;
	const unsigned long *entry = (unsigned long *)(end + 1);
	int nr_found = 0;
	unsigned long features = 0; /* glibc's getauxval has its own opinion of them */
	for (; entry[0] != AT_NULL; entry += 2) {
		if (entry[0] == AT_HWCAP)
			features = entry[1];
		nr_found += (entry[0] == AT_PAGESZ || entry[0] == AT_RANDOM || entry[0] == AT_EXECFN) &&
			    getauxval(entry[0]) == entry[1];
	}
	printf("behind the environment %d\n", nr_found);
	printf("SSE2 %d\n", (features & bit_SSE2) != 0);
	printf("page %lu, ticks %lu %ld, secure %lu\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK), sysconf(_SC_CLK_TCK),
	       getauxval(AT_SECURE));
	printf("platform %s\n", (char *)getauxval(AT_PLATFORM));
	const char *path = (char *)getauxval(AT_EXECFN);
	printf("path %d\n", path != NULL && strstr(path, strrchr(argv[0], '/') + 1) != NULL);
	const unsigned char *random = (unsigned char *)getauxval(AT_RANDOM);
	int any = 0;
	for (int i = 0; random != NULL && i < 16; i++)
		any |= random[i];
	printf("random %d\n", any != 0);
	const Elf64_Phdr *headers = (Elf64_Phdr *)getauxval(AT_PHDR);
	int nr_loaded = 0;
	for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
		nr_loaded += headers[i].p_type == PT_LOAD;
	printf("headers %d %d\n", nr_loaded > 0, getauxval(AT_PHENT) == sizeof *headers);
	printf("entry %d\n", getauxval(AT_ENTRY) != 0);
	errno = 0;
	const unsigned long none = getauxval(54321);
	printf("none %lu %d\n", none, errno == ENOENT);
	const long least = sysconf(_SC_MINSIGSTKSZ);
	printf("stack of a handler %d %d\n", least >= 1024, sysconf(_SC_SIGSTKSZ) >= least);
	const stack_t stack = {.ss_sp = malloc(least + 4096), .ss_size = least + 4096};
	sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_ONSTACK}, NULL);
	raise(SIGUSR1);
	printf("handled %d\n", handled == SIGUSR1);
	return 0;
}
