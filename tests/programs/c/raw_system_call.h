/* raw(): a Linux system call made behind the kernel's back. Calls that could lead out of the sandbox of the process isle end
 * the program like SIGSYS (128 + 31). */
static inline long raw(long number, long a, long b, long c, long d)
{
	long result;
	register long r10 __asm__("r10") = d;
	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
	return result;
}
