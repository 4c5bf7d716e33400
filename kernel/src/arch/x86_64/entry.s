/* Entry points of an image (AT&T syntax).
 *
 * _start       64-bit, process and uhyve isles: rdi = boot info, rsi = vCPU, rdx = doorbell context. Any stack.
 * hermit_pvh   32-bit protected mode without paging, ebx = hvm_start_info (Xen's PVH boot protocol, pvh.pandoc).
 */
        .equ BOOT_STACK_SIZE, 65536
        .equ PREFIX_BYTES, 1024

        .section .text.hermit_start, "ax", @progbits
        .global _start
        .type _start, @function
        .code64
        .balign 16
_start:
        .cfi_startproc
        .cfi_undefined %rip
        cld
        xorl %ebp, %ebp
        testq %rdi, %rdi            /* Linux enters a program with all registers zero */
        jz .Lwithout_proxy
        leaq hermit_boot_stack_top(%rip), %rsp
        testq %rsi, %rsi
        jz 1f
        leaq hermit_cores(%rip), %rsp   /* further vCPUs: the stack that who started them left in their data */
        movq (%rsp,%rsi,8), %rsp
        movq hermit_percpu_boot_stack(%rsp), %rsp
1:      pushq %rbp                  /* end of the frame chain ... */
        pushq %rbp                  /* ... and the alignment of a call */
        call hermit_enter
        ud2

        /* Linux itself has started the image: the stack is Linux's, and holds argc, argv, envp and the auxiliary vector. */
.Lwithout_proxy:
        movq %rsp, %rdi
        call hermit_started_by_linux
        ud2
        .cfi_endproc
        .size _start, . - _start

        .section .text.hermit_pvh, "ax", @progbits
        .global hermit_pvh
        .type hermit_pvh, @function
        .code32
        .balign 16
hermit_pvh:
        cli
        cld
        movl $hermit_boot_stack_top, %esp
        movl %ebx, %edi             /* start info: first argument, kept until the call */

        /* Identity-map the first 4 GiB with 2 MiB pages: PML4 -> PDPT -> 4 page directories. Present | writable. */
        movl $hermit_boot_pml4, %eax
        movl $(hermit_boot_pdpt + 3), (%eax)
        movl $hermit_boot_pdpt, %eax
        movl $(hermit_boot_pds + 3), %edx
        movl $4, %ecx
1:      movl %edx, (%eax)
        addl $8, %eax
        addl $4096, %edx
        loop 1b
        movl $hermit_boot_pds, %eax
        movl $0x83, %edx            /* and: large page */
        movl $2048, %ecx
2:      movl %edx, (%eax)
        addl $8, %eax
        addl $0x200000, %edx
        loop 2b

        movl $hermit_boot_pml4, %eax
        movl %eax, %cr3
        movl %cr4, %eax
        orl $0x6a0, %eax            /* PAE | PGE | OSFXSR | OSXMMEXCPT: Rust code uses SSE from its first line */
        movl %eax, %cr4
        movl $0xc0000080, %ecx      /* EFER: LME | NXE */
        rdmsr
        orl $0x900, %eax
        wrmsr
        movl %cr0, %eax
        andl $~0x4, %eax            /* no emulation of the FPU */
        orl $0x80010022, %eax       /* PG | WP | NE | MP */
        movl %eax, %cr0
        lgdt hermit_boot_gdt_pointer
        ljmp $0x08, $3f

        .code64
3:      movl $0x10, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %ss
        xorl %eax, %eax
        movl %eax, %fs
        movl %eax, %gs
        leaq hermit_boot_stack_top(%rip), %rsp
        xorl %ebp, %ebp
        movl %edi, %edi             /* clears the upper half */
        pushq %rbp
        pushq %rbp
        call hermit_enter_pvh
        ud2
        .size hermit_pvh, . - hermit_pvh

        .section .rodata.hermit_gdt, "a", @progbits
        .balign 8
hermit_boot_gdt:
        .quad 0
        .quad 0x00af9b000000ffff    /* 0x08: code, long mode */
        .quad 0x00cf93000000ffff    /* 0x10: data */
hermit_boot_gdt_pointer:
        .word . - hermit_boot_gdt - 1
        .long hermit_boot_gdt

        /* XEN_ELFNOTE_PHYS32_ENTRY and our own notes (abi/src/elf.rs; the numbers are checked in entry.rs). */
        .section .note.hermit, "a", @note
        .balign 4
        .long 4, 8, 18
        .asciz "Xen"
        .quad hermit_pvh
        .balign 4
        .long 11, 4, 1
        .asciz "HermitCore"
        .balign 4
        .long 2
        /* The prefix: cc-wrapper's linker writes it. */
        .balign 4
        .long 11, PREFIX_BYTES, 2
        .asciz "HermitCore"
        .balign 4
        .global hermit_prefix
        .hidden hermit_prefix
hermit_prefix:
        .skip PREFIX_BYTES

        .section .bss.hermit_boot, "aw", @nobits
        .balign 4096
hermit_boot_pml4:
        .skip 4096
hermit_boot_pdpt:
        .skip 4096
hermit_boot_pds:
        .skip 4 * 4096
        .skip BOOT_STACK_SIZE
        .global hermit_boot_stack_top
hermit_boot_stack_top:

        .section .note.GNU-stack, "", @progbits
