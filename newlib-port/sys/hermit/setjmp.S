/* setjmp(3) and longjmp(3). Replaces newlib's, whose longjmp(env, 0) returns 0 instead of 1.
 * Layout of jmp_buf: rbx rbp r12 r13 r14 r15 rsp rip, then what sigsetjmp keeps (<machine/setjmp.h>). */
	.text
	.globl setjmp
	.type setjmp, @function
setjmp:
	movq %rbx, 0(%rdi)
	movq %rbp, 8(%rdi)
	movq %r12, 16(%rdi)
	movq %r13, 24(%rdi)
	movq %r14, 32(%rdi)
	movq %r15, 40(%rdi)
	leaq 8(%rsp), %rax /* the caller's, after our return */
	movq %rax, 48(%rdi)
	movq (%rsp), %rax
	movq %rax, 56(%rdi)
	xorl %eax, %eax
	ret
	.size setjmp, . - setjmp

	.globl longjmp
	.type longjmp, @function
longjmp:
	movl %esi, %eax
	cmpl $1, %eax
	adcl $0, %eax /* 0 becomes 1 */
	movq 0(%rdi), %rbx
	movq 8(%rdi), %rbp
	movq 16(%rdi), %r12
	movq 24(%rdi), %r13
	movq 32(%rdi), %r14
	movq 40(%rdi), %r15
	movq 48(%rdi), %rsp
	jmp *56(%rdi)
	.size longjmp, . - longjmp

	.globl _setjmp
	.set _setjmp, setjmp
	.weak _longjmp
	.set _longjmp, longjmp

	.section .note.GNU-stack, "", @progbits
