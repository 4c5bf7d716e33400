/* VM isles: where a further core starts in real mode, copied to abi::layout::AP_START (AT&T syntax).
 *
 * The core that starts it has filled in the three words at the end: page tables, stack, number of the core. */
        .equ AT, 0x8000             /* AP_START; checked in smp.rs */

        .section .rodata.hermit_further_core, "a", @progbits
        .balign 16
        .global hermit_further_core_code
hermit_further_core_code:
        .code16
        cli
        cld
        xorw %ax, %ax
        movw %ax, %ds
        lgdtl AT + (.Lgdt_pointer - hermit_further_core_code)
        movl %cr0, %eax
        orl $1, %eax                /* PE */
        movl %eax, %cr0
        ljmpl $0x18, $(AT + (.Lprotected - hermit_further_core_code))

        .code32
.Lprotected:
        movl $0x10, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %ss
        movl AT + (.Lpage_tables - hermit_further_core_code), %eax
        movl %eax, %cr3
        movl %cr4, %eax
        orl $0x6a0, %eax            /* PAE | PGE | OSFXSR | OSXMMEXCPT */
        movl %eax, %cr4
        movl $0xc0000080, %ecx      /* EFER: LME | NXE */
        rdmsr
        orl $0x900, %eax
        wrmsr
        movl %cr0, %eax
        andl $~0x60000004, %eax     /* caches on, no emulation of the FPU */
        orl $0x80010022, %eax       /* PG | WP | NE | MP */
        movl %eax, %cr0
        ljmpl $0x08, $(AT + (.Llong - hermit_further_core_code))

        .code64
.Llong:
        xorl %ebp, %ebp
        movl %ebp, %fs
        movl %ebp, %gs
        movq AT + (.Lstack - hermit_further_core_code), %rsp
        movq AT + (.Lcore - hermit_further_core_code), %rdi
        pushq %rbp
        pushq %rbp
        movq $hermit_enter_further_core, %rax
        call *%rax
        ud2

        .balign 8
.Lgdt:
        .quad 0
        .quad 0x00af9b000000ffff    /* 0x08: code, long mode */
        .quad 0x00cf93000000ffff    /* 0x10: data */
        .quad 0x00cf9b000000ffff    /* 0x18: code, 32 bits */
.Lgdt_pointer:
        .word . - .Lgdt - 1
        .long AT + (.Lgdt - hermit_further_core_code)
        .balign 8
        .global hermit_further_core_words
hermit_further_core_words:
.Lpage_tables:
        .quad 0
.Lstack:
        .quad 0
.Lcore:
        .quad 0
        .global hermit_further_core_end
hermit_further_core_end:

        .section .note.GNU-stack, "", @progbits
