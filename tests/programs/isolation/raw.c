/* raw NUMBER [ARGUMENT]...: one of Linux's system calls behind the kernel's back; arguments that are not given are -1, and
 * @TEXT is the address of TEXT. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	long a[7] = {-1, -1, -1, -1, -1, -1, -1}, result;
	for (int i = 1; i < argc && i <= 7; i++)
		a[i - 1] = argv[i][0] == '@' ? (long)(argv[i] + 1) : strtol(argv[i], 0, 0);
	register long r10 __asm__("r10") = a[4];
	register long r8 __asm__("r8") = a[5];
	register long r9 __asm__("r9") = a[6];
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(a[0]), "D"(a[1]), "S"(a[2]), "d"(a[3]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	printf("result %ld\n", result);
	return 0;
}
