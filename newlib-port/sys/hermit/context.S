/* getcontext(3), setcontext, swapcontext: the registers that a call keeps, those of arguments, control words of both floating-point
 * units, and the signal mask. Offsets are those of ucontext_t (<sys/ucontext.h>). */
#define R8    40
#define R9    48
#define R12   72
#define R13   80
#define R14   88
#define R15   96
#define RDI   104
#define RSI   112
#define RBP   120
#define RBX   128
#define RDX   136
#define RCX   152
#define RSP   160
#define RIP   168
#define FPREGS 224
#define MASK  296
#define FPMEM 424
#define MXCSR (FPMEM + 24)

#define SIG_BLOCK   0
#define SIG_SETMASK 2

/* Saves what the caller, whose return address lies at `above` behind the stack pointer, needs. Changes rcx. */
.macro save context, above
	movq %rbx, RBX(\context)
	movq %rbp, RBP(\context)
	movq %r12, R12(\context)
	movq %r13, R13(\context)
	movq %r14, R14(\context)
	movq %r15, R15(\context)
	movq %rdi, RDI(\context)
	movq %rsi, RSI(\context)
	movq %rdx, RDX(\context)
	movq %rcx, RCX(\context)
	movq %r8, R8(\context)
	movq %r9, R9(\context)
	movq \above(%rsp), %rcx
	movq %rcx, RIP(\context)
	leaq \above + 8(%rsp), %rcx
	movq %rcx, RSP(\context)
	leaq FPMEM(\context), %rcx
	movq %rcx, FPREGS(\context)
	fnstenv (%rcx)
	fldenv (%rcx) /* fnstenv masks all exceptions */
	stmxcsr MXCSR(\context)
.endm

/* Goes on with what rdi points to. */
.macro resume
	movq FPREGS(%rdi), %rcx
	fldenv (%rcx)
	ldmxcsr MXCSR(%rdi)
	movq RSP(%rdi), %rsp
	movq RBX(%rdi), %rbx
	movq RBP(%rdi), %rbp
	movq R12(%rdi), %r12
	movq R13(%rdi), %r13
	movq R14(%rdi), %r14
	movq R15(%rdi), %r15
	pushq RIP(%rdi)
	movq RSI(%rdi), %rsi
	movq RDX(%rdi), %rdx
	movq RCX(%rdi), %rcx
	movq R8(%rdi), %r8
	movq R9(%rdi), %r9
	movq RDI(%rdi), %rdi
	xorl %eax, %eax
	ret
.endm

	.text
	.globl getcontext
	.type getcontext, @function
getcontext:
	save %rdi, 0
	subq $8, %rsp
	leaq MASK(%rdi), %rdx
	xorl %esi, %esi
	movl $SIG_BLOCK, %edi
	call sys_sigprocmask
	addq $8, %rsp
	xorl %eax, %eax
	ret
	.size getcontext, . - getcontext

	.globl setcontext
	.type setcontext, @function
setcontext:
	pushq %rdi
	leaq MASK(%rdi), %rsi
	xorl %edx, %edx
	movl $SIG_SETMASK, %edi
	call sys_sigprocmask
	popq %rdi
	resume
	.size setcontext, . - setcontext

	.globl swapcontext
	.type swapcontext, @function
swapcontext:
	save %rdi, 0
	pushq %rsi
	leaq MASK(%rdi), %rdx
	addq $MASK, %rsi
	movl $SIG_SETMASK, %edi
	call sys_sigprocmask
	popq %rdi
	resume
	.size swapcontext, . - swapcontext

/* Where a function of makecontext returns to: rbx has uc_link. Nothing is above it. */
	.globl __hermit_context_end
	.hidden __hermit_context_end
	.type __hermit_context_end, @function
	.cfi_startproc
	.cfi_undefined rip
	nop /* unwinders look at the byte before a return address */
__hermit_context_end:
	movq %rbx, %rdi
	testq %rdi, %rdi
	jnz 1f
	call exit /* with 0 */
1:	call setcontext
	hlt
	.cfi_endproc
	.size __hermit_context_end, . - __hermit_context_end

	.section .note.GNU-stack, "", @progbits
