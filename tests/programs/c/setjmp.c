//# compilers: gcc clang
/* setjmp and longjmp keep registers, across several frames; longjmp of 0 becomes 1. */
#include <setjmp.h>
#include <stdio.h>

static jmp_buf home;

__attribute__((noinline)) static void dive(int depth, int value)
{
	volatile char room[100];
	room[0] = (char)depth;
	if (depth == 0)
		longjmp(home, value);
	dive(depth - 1, value);
	puts("never here");
	(void)room;
}

/* The assembly below names these. */
void jump_with_other_registers(void);
unsigned long kept_registers(jmp_buf, int (*)(jmp_buf));
jmp_buf of_registers;

__attribute__((noinline)) void jump_with_other_registers(void)
{
	__asm__ volatile("xor %%ebx, %%ebx; xor %%r12d, %%r12d; xor %%r13d, %%r13d; xor %%r14d, %%r14d; xor %%r15d, %%r15d"
			 : : : "rbx", "r12", "r13", "r14", "r15");
	longjmp(of_registers, 1);
}

/* Calls setjmp with a value in every register that a function keeps, and returns a bit for each that is there after longjmp. */
__asm__(".text\n"
	"kept_registers: push %rbp; push %rbx; push %r12; push %r13; push %r14; push %r15; sub $8, %rsp\n"
	"mov $101, %ebx; mov $102, %r12d; mov $103, %r13d; mov $104, %r14d; mov $105, %r15d; mov $106, %ebp\n"
	"call *%rsi\n"
	"test %eax, %eax; jnz 1f; call jump_with_other_registers\n"
	"1: xor %eax, %eax\n"
	"cmp $101, %rbx; jne 2f; or $1, %eax; 2: cmp $102, %r12; jne 2f; or $2, %eax; 2: cmp $103, %r13; jne 2f; or $4, %eax\n"
	"2: cmp $104, %r14; jne 2f; or $8, %eax; 2: cmp $105, %r15; jne 2f; or $16, %eax; 2: cmp $106, %rbp; jne 2f; or $32, %eax\n"
	"2: add $8, %rsp; pop %r15; pop %r14; pop %r13; pop %r12; pop %rbx; pop %rbp; ret\n");

int main(void)
{
	static const int values[] = { 1, 42, -1, 0 };
	for (volatile int i = 0; i < 4; i++) {
		int value = setjmp(home);
		if (value == 0)
			dive(10, values[i]);
		else
			printf("back with %d\n", value);
	}
	printf("registers %#lx\n", kept_registers(of_registers, (setjmp)));
	sigjmp_buf mark;
	volatile int rounds = 0;
	if (sigsetjmp(mark, 1) < 3) {
		rounds = rounds + 1;
		siglongjmp(mark, rounds);
	}
	printf("%d rounds\n", rounds);
	return 0;
}
