/* __hermit_cancellable: see cancel.h.
 *
 * Between __hermit_cancel_begin and __hermit_cancel_end lies the time in which a request would be missed: after the look at
 * the flag, before the kernel. The handler of the signal (the threads' cancel.c) moves a thread that it finds there to __hermit_cancel_act. In the
 * kernel itself a signal ends the sleep with EINTR.
 */
#include "cancel.h"

	.section .text.__hermit_cancellable, "ax", @progbits
	.global __hermit_cancellable
	.type __hermit_cancellable, @function
	.hidden __hermit_cancel_begin, __hermit_cancel_end, __hermit_cancel_act
	.global __hermit_cancel_begin, __hermit_cancel_end, __hermit_cancel_act
	.weak __hermit_cancel_self
__hermit_cancellable:
	.cfi_startproc
	subq $8, %rsp
	.cfi_adjust_cfa_offset 8
	movq %rdi, %r11
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %rcx
	movq %r9, %r8
	movq 16(%rsp), %r9      /* the sixth argument, if there is one */
__hermit_cancel_begin:
	movq %fs:__hermit_self@tpoff, %rax
	movl (%rax), %eax
	andl $CANCEL_DEFER_MASK, %eax
	cmpl $CANCEL_REQUESTED, %eax
	je __hermit_cancel_act
	call *%r11
__hermit_cancel_end:
	cmpq $-4, %rax          /* -EINTR, of a long or an int */
	je 2f
	cmpl $-4, %eax
	je 2f
1:	addq $8, %rsp
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_adjust_cfa_offset 8
2:	movq %fs:__hermit_self@tpoff, %rcx
	movl (%rcx), %ecx
	andl $CANCEL_DEFER_MASK, %ecx
	cmpl $CANCEL_REQUESTED, %ecx
	jne 1b
__hermit_cancel_act:
	call __hermit_cancel_self
	ud2
	.cfi_endproc
	.size __hermit_cancellable, . - __hermit_cancellable
	.section .note.GNU-stack, "", @progbits
