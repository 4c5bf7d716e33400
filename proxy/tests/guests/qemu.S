/* A guest for the qemu isle, in 32-bit code from its PVH entry: writes a line, reads one back, ends with status 33.
 * Built with -DRESET it makes a triple fault instead; with -DTWO it posts the read first and has the write done meanwhile. */
        .set BOOT_INFO, 0x100000

        .section .note.hermit, "a", @note
        .balign 4
        .long 11, 4, 1
        .asciz "HermitCore"
        .balign 4
        .long 1
        .long 4, 4, 18
        .asciz "Xen"
        .long pvh_start

        .text
        .code64
        .globl _start
_start: ud2

        .code32
pvh_start:
#ifdef RESET
        lidt nowhere
        ud2
#endif
        cmpl $0x4d524548, BOOT_INFO             /* "HERM" */
        jne fail
        cmpl $0, BOOT_INFO + 264                /* tsc_hz is there before the machine starts */
        je fail
        mov BOOT_INFO + 312, %esi               /* doorbell_slots */
#ifdef TWO
        mov $read, %ebx
        mov $63, %ecx
        call post
#endif
        mov $write, %ebx
        mov $0, %ecx
        call ring
        cmpl $14, write + 56
        jne fail
        mov $read, %ebx
        mov $63, %ecx                           /* any slot does */
#ifdef TWO
        call await
#else
        call ring
#endif
        mov read + 56, %eax
        test %eax, %eax
        jz end
        mov %eax, echo + 24
        mov $echo, %ebx
        mov $5, %ecx
        call ring
end:    mov $exit, %ebx
        mov $0, %ecx
        call ring
fail:   mov $'!', %al
        mov $0xe9, %dx
        out %al, %dx
        cli
        hlt

/* Posts the request at ebx in slot ecx and waits for its answer. */
ring:   call post
await:  pause
        cmpl $2, (%ebx)
        jne await
        ret

post:   movl $1, (%ebx)
        mov %ebx, (%esi, %ecx, 8)
        mov $0x3f8, %dx
        mov %cl, %al
        out %al, %dx
        ret

        .data
        .balign 64
write:  .long 0, 35
        .quad 1, text, 14, 0, 0, 0, -1
read:   .long 0, 34
        .quad 0, buffer, 64, 0, 0, 0, -1
echo:   .long 0, 35
        .quad 1, buffer, 0, 0, 0, 0, -1
exit:   .long 0, 1
        .quad 33, 0, 0, 0, 0, 0, -1
text:   .ascii "hello from pvh"
nowhere:
        .word 0
        .long 0
        .bss
buffer: .skip 64
        .section .note.GNU-stack, "", @progbits
