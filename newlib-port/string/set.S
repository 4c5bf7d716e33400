/* memset: up to 1 KiB by AVX-512's registers, where they are good; all else is set_long.c's. */
#include "string_parts.h"

        .text
        .balign 64
        .global memset
        .type memset, @function
memset:
        .cfi_startproc
        testb $WIDE, __hermit_cpu(%rip)
        jz __hermit_set_narrow
        movq %rdi, %rax
        vpbroadcastb %esi, %zmm16
        cmpq $64, %rdx
        jb .Lless_than_64
        cmpq $128, %rdx
        ja .Lmore_than_128
        vmovdqu64 %zmm16, (%rdi)
        vmovdqu64 %zmm16, -64(%rdi,%rdx)
        ret
        .balign 16
.Lmore_than_128:
        cmpq $1024, %rdx
        ja __hermit_set_wide
        vmovdqu64 %zmm16, (%rdi)
        vmovdqu64 %zmm16, 64(%rdi)
        vmovdqu64 %zmm16, -128(%rdi,%rdx)
        vmovdqu64 %zmm16, -64(%rdi,%rdx)
        cmpq $256, %rdx
        ja .Lmore_than_256
        ret
        .balign 16
.Lmore_than_256:
        vmovdqu64 %zmm16, 128(%rdi)
        vmovdqu64 %zmm16, 192(%rdi)
        vmovdqu64 %zmm16, -256(%rdi,%rdx)
        vmovdqu64 %zmm16, -192(%rdi,%rdx)
        cmpq $512, %rdx
        ja .Lmore_than_512
        ret
        .balign 16
.Lmore_than_512:
        vmovdqu64 %zmm16, 256(%rdi)
        vmovdqu64 %zmm16, 320(%rdi)
        vmovdqu64 %zmm16, 384(%rdi)
        vmovdqu64 %zmm16, 448(%rdi)
        vmovdqu64 %zmm16, -512(%rdi,%rdx)
        vmovdqu64 %zmm16, -448(%rdi,%rdx)
        vmovdqu64 %zmm16, -384(%rdi,%rdx)
        vmovdqu64 %zmm16, -320(%rdi,%rdx)
        ret

        .balign 16
.Lless_than_64:
        cmpl $32, %edx
        jb .Lless_than_32
        vmovdqu64 %ymm16, (%rdi)
        vmovdqu64 %ymm16, -32(%rdi,%rdx)
        ret
        .balign 16
.Lless_than_32:
        cmpl $16, %edx
        jb .Lless_than_16
        vmovdqu64 %xmm16, (%rdi)
        vmovdqu64 %xmm16, -16(%rdi,%rdx)
        ret
        .balign 16
.Lless_than_16:
        cmpl $8, %edx
        jb .Lless_than_8
        vmovq %xmm16, (%rdi)
        vmovq %xmm16, -8(%rdi,%rdx)
        ret
        .balign 16
.Lless_than_8:
        cmpl $4, %edx
        jb .Lless_than_4
        vmovd %xmm16, (%rdi)
        vmovd %xmm16, -4(%rdi,%rdx)
        ret
        .balign 16
.Lless_than_4:
        cmpl $1, %edx
        jb .Lnone
        movb %sil, (%rdi)
        je .Lnone
        movb %sil, 1(%rdi)
        movb %sil, -1(%rdi,%rdx)
.Lnone: ret
        .cfi_endproc
        .size memset, . - memset

        .section .note.GNU-stack, "", @progbits
