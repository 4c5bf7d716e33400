/* One stub for each vector (VM isles), and the paths of a trap (AT&T syntax).
 *
 * The CPU has switched to an IST stack and pushed ss, rsp, rflags, cs, rip and, for some exceptions, an error code.
 * Together with what is pushed here that is abi::trap::TrapFrame. */
        .section .text.hermit_trap, "ax", @progbits
        .code64

        .altmacro
        .macro STUB vector
        .balign 16
hermit_trap_stub_\vector:
        /* Vectors with an error code: 8, 10-14, 17, 21, 29, 30 (SDM vol. 3, table 6-1; AMD APM vol. 2, 8.2). */
        .if !((\vector == 8) || ((\vector >= 10) && (\vector <= 14)) || (\vector == 17) || (\vector == 21) || (\vector == 29) || (\vector == 30))
        pushq $0
        .endif
        pushq $\vector
        jmp hermit_trap_common
        .endm

        .set i, 0
        .rept 256
        STUB %i
        .set i, i + 1
        .endr

        /* Saves the interrupted registers as a TrapFrame, whose part from `vector` on is on the stack already: then %rbp is the
         * frame's address, and %rbx that of the vector state. */
        .macro SAVE
        pushq %rdi
        pushq %rsi
        pushq %rdx
        pushq %rcx
        pushq %rax
        pushq %r8
        pushq %r9
        pushq %r10
        pushq %r11
        pushq %rbx
        pushq %rbp
        pushq %r12
        pushq %r13
        pushq %r14
        pushq %r15
        pushq $0                    /* fault address */
        pushq $0                    /* xsave */
        movq %rsp, %rbp
        cld

        /* Rust may touch vector registers that the interrupted code holds. */
        movl hermit_trap_xsave_bytes(%rip), %ecx
        testl %ecx, %ecx
        jz 1f
        subq %rcx, %rsp
        andq $-64, %rsp
        xorl %eax, %eax             /* the header's reserved part must be zero */
        movq %rax, 512(%rsp)
        movq %rax, 520(%rsp)
        movq %rax, 528(%rsp)
        movq %rax, 536(%rsp)
        movq %rax, 544(%rsp)
        movq %rax, 552(%rsp)
        movq %rax, 560(%rsp)
        movq %rax, 568(%rsp)
        movl hermit_trap_xsave_mask(%rip), %eax
        xorl %edx, %edx
        xsave64 (%rsp)
        jmp 2f
1:      subq $512, %rsp
        andq $-64, %rsp
        fxsave64 (%rsp)
2:      movq %rsp, (%rbp)
        movq %rsp, %rbx
        .endm

        /* Calls `handler` with the frame. */
        .macro CALL handler
        /* What the handler does must not trap: the initial state (psABI 3.4.1). */
        fninit
        ldmxcsr .Lmxcsr_initial(%rip)
        movq %rbp, %rdi
        call \handler
        .endm

        /* Continues with what the frame says. */
        .macro RESTORE
        movl hermit_trap_xsave_bytes(%rip), %ecx
        testl %ecx, %ecx
        jz 3f
        movl hermit_trap_xsave_mask(%rip), %eax
        xorl %edx, %edx
        xrstor64 (%rbx)
        jmp 4f
3:      fxrstor64 (%rbx)
4:      leaq 16(%rbp), %rsp         /* behind xsave and the fault address */
        popq %r15
        popq %r14
        popq %r13
        popq %r12
        popq %rbp
        popq %rbx
        popq %r11
        popq %r10
        popq %r9
        popq %r8
        popq %rax
        popq %rcx
        popq %rdx
        popq %rsi
        popq %rdi
        addq $16, %rsp              /* vector, error code */
        iretq                       /* also in ring 3, to the same segments: it restores rip, rflags and rsp in one go */
        .endm

        .type hermit_trap_common, @function
hermit_trap_common:
        SAVE
        CALL hermit_trap
        RESTORE
        .size hermit_trap_common, . - hermit_trap_common

        /* VM isles: sleeps until an interrupt came and was handled, with interrupts off before and behind. STI delays interrupts
         * until HLT has begun (SDM vol. 2, STI), but not in every hypervisor, nor for NMIs in every CPU: an interrupt that
         * comes between the two has been the one to wait for, and `hermit_trap` lets it return behind HLT. */
        .global hermit_halt
        .type hermit_halt, @function
        .balign 16
hermit_halt:
        sti
        .global hermit_halts
hermit_halts:
        hlt
        .global hermit_halted
hermit_halted:
        cli
        ret
        .size hermit_halt, . - hermit_halt

        /* Where an interrupted thread continues that has something to do first: `trampoline::enter` has put the end of a
         * TrapFrame, from `vector` on, onto the stack that it does so on. All isles. The functions called return the address of the
         * frame to go on with: if it is another one, a copy on another stack, all begins again there. Interrupts are off, and go on
         * with the registers: in VM isles iretq does both at once. In the process isle an interrupt that comes after the last look
         * at the pending ones, between hermit_trampoline_ends and hermit_trampoline_ended, makes the thread continue at
         * hermit_trampoline_again with %rbp being the frame's address: nothing of the frame has been overwritten by then. */
        .global hermit_trampoline
        .type hermit_trampoline, @function
        .balign 16
hermit_trampoline:
        /* Who unwinds from a signal's handler comes through one of the calls below, where rbp points to the TrapFrame, and finds there
         * all registers of the interrupted code, its rsp being the frame's address (DWARF 5, 6.4.2; numbers of registers:
         * psABI table 3.36). */
        .cfi_startproc
        .cfi_signal_frame
        .cfi_escape 0x0f, 4, 0x76, 0xb0, 0x01, 0x06     /* CFA: *(rbp + 176) */
        .cfi_escape 0x10, 0, 3, 0x76, 0xe0, 0x00        /* rax: at rbp + 96 */
        .cfi_escape 0x10, 1, 3, 0x76, 0xf0, 0x00        /* rdx: 112 */
        .cfi_escape 0x10, 2, 3, 0x76, 0xe8, 0x00        /* rcx: 104 */
        .cfi_escape 0x10, 3, 2, 0x76, 0x38              /* rbx: 56 */
        .cfi_escape 0x10, 4, 3, 0x76, 0xf8, 0x00        /* rsi: 120 */
        .cfi_escape 0x10, 5, 3, 0x76, 0x80, 0x01        /* rdi: 128 */
        .cfi_escape 0x10, 6, 2, 0x76, 0x30              /* rbp: 48 */
        .cfi_escape 0x10, 8, 3, 0x76, 0xd8, 0x00        /* r8: 88 */
        .cfi_escape 0x10, 9, 3, 0x76, 0xd0, 0x00        /* r9: 80 */
        .cfi_escape 0x10, 10, 3, 0x76, 0xc8, 0x00       /* r10: 72 */
        .cfi_escape 0x10, 11, 3, 0x76, 0xc0, 0x00       /* r11: 64 */
        .cfi_escape 0x10, 12, 2, 0x76, 0x28             /* r12: 40 */
        .cfi_escape 0x10, 13, 2, 0x76, 0x20             /* r13: 32 */
        .cfi_escape 0x10, 14, 2, 0x76, 0x18             /* r14: 24 */
        .cfi_escape 0x10, 15, 2, 0x76, 0x10             /* r15: 16 */
        .cfi_escape 0x10, 16, 3, 0x76, 0x98, 0x01       /* rip: 152 */
        SAVE
        CALL hermit_on_trampoline
        cmpq %rax, %rbp
        je 5f
        movq %rax, %rbp
        .global hermit_trampoline_again
hermit_trampoline_again:
        movq (%rbp), %rsp
        movq %rsp, %rbx
        cld
        CALL hermit_on_trampoline_again
        cmpq %rax, %rbp
        movq %rax, %rbp
        jne hermit_trampoline_again
5:      testl $0x200, 168(%rbp)     /* interrupts were on: RFLAGS.IF */
        jz 6f
        .global hermit_trampoline_ends
hermit_trampoline_ends:
        movb $1, %gs:hermit_percpu_interrupts_on
        cmpq $0, %gs:hermit_percpu_pending
        jne 7f
6:      RESTORE
7:      movb $0, %gs:hermit_percpu_interrupts_on
        .global hermit_trampoline_ended
hermit_trampoline_ended:
        jmp hermit_trampoline_again
        .cfi_endproc
        .size hermit_trampoline, . - hermit_trampoline

        .section .rodata.hermit_trap, "a", @progbits
        .balign 8
.Lmxcsr_initial:
        .long 0x1f80
        .balign 8
        .global hermit_trap_stubs
hermit_trap_stubs:
        .macro STUB_ADDRESS vector
        .quad hermit_trap_stub_\vector
        .endm
        .set i, 0
        .rept 256
        STUB_ADDRESS %i
        .set i, i + 1
        .endr

        .section .note.GNU-stack, "", @progbits
