/* hermit_go_syscall: what stands in Go's runtime where natively the instruction SYSCALL stands (toolchain/cc-wrapper/src/go/overlay.rs).
 *
 * As at that instruction: the number in rax, arguments in rdi rsi rdx r10 r8 r9, the result in rax, and all but rcx and r11 are kept. Who
 * calls is on the stack of a goroutine, of a few hundred bytes; the kernel wants more. So each thread has a stack for it in its
 * thread-local storage. A handler that runs while its thread is inside calls from where it is: Go gives handlers 32 KiB.
 */
/* The kernel is content with 16 KiB; functions of the C library that calls.c uses have up to 12 KiB of paths. */
#define STACK_BYTES 65536

	.section .text.hermit_go_syscall, "ax", @progbits
	.global hermit_go_syscall
	.type hermit_go_syscall, @function
	.p2align 4
hermit_go_syscall:
	.cfi_startproc
	pushq %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_offset %rbp, -16
	movq %rsp, %rbp
	.cfi_def_cfa_register %rbp
	cmpl $0, %fs:inside@tpoff
	jne 1f
	movq %fs:0, %rcx
	leaq stack@tpoff + STACK_BYTES(%rcx), %rsp
	/* A handler between these two finds the stack empty, and leaves it so. */
1:	incl %fs:inside@tpoff
	andq $-16, %rsp
	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %r8
	pushq %r9
	pushq %r10
	subq $8, %rsp
	pushq %rax
	movq %r10, %rcx
	call hermit_go_call
	addq $16, %rsp
	popq %r10
	popq %r9
	popq %r8
	popq %rdx
	popq %rsi
	popq %rdi
	movq %rbp, %rsp
	decl %fs:inside@tpoff
	/* Go's own convention wants a zero there. */
	xorps %xmm15, %xmm15
	popq %rbp
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size hermit_go_syscall, . - hermit_go_syscall

	.section .tbss, "awT", @nobits
	.p2align 6
	.type stack, @object
stack:
	.skip STACK_BYTES
	.size stack, STACK_BYTES
	.type inside, @object
inside:
	.skip 4
	.size inside, 4

	.section .note.GNU-stack, "", @progbits
