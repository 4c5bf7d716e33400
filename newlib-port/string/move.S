/* memcpy, memmove: one function, since telling them apart costs as much as allowing overlap.
 *
 * Up to 31 bytes go through SSE registers, which every CPU has, up to 256 through AVX's, up to 512 through AVX-512's where they
 * are good; all is loaded before anything is stored, so the two may overlap. The rest is move_long.c's. Who has used the upper
 * halves of registers 0 to 15 ends with VZEROUPPER; registers from 16 on need none.
 */
#include "string_parts.h"

        .text
        .balign 64
        .global memmove
        .type memmove, @function
        .global memcpy
        .type memcpy, @function
memmove:
memcpy:
        .cfi_startproc
        movq %rdi, %rax
        cmpq $32, %rdx
        jb .Lless_than_32
        testb $AVX2, __hermit_cpu(%rip)
        jz __hermit_move_sse
        vmovdqu (%rsi), %ymm0
        vmovdqu -32(%rsi,%rdx), %ymm1
        cmpq $64, %rdx
        ja .Lmore_than_64
        vmovdqu %ymm0, (%rdi)
        vmovdqu %ymm1, -32(%rdi,%rdx)
        vzeroupper
        ret

        .balign 16
.Lless_than_32:
        cmpl $16, %edx
        jb .Lless_than_16
        movups (%rsi), %xmm0
        movups -16(%rsi,%rdx), %xmm1
        movups %xmm0, (%rdi)
        movups %xmm1, -16(%rdi,%rdx)
        ret

        .balign 16
.Lless_than_16:
        cmpl $8, %edx
        jae .Leight
        cmpl $4, %edx
        jae .Lfour
        cmpl $1, %edx
        jb .Lnone
        je .Lone
        movzwl (%rsi), %ecx
        movzbl -1(%rsi,%rdx), %esi
        movw %cx, (%rdi)
        movb %sil, -1(%rdi,%rdx)
.Lnone: ret
.Lone:  movzbl (%rsi), %ecx
        movb %cl, (%rdi)
        ret
        .balign 16
.Leight:
        movq (%rsi), %rcx
        movq -8(%rsi,%rdx), %rsi
        movq %rcx, (%rdi)
        movq %rsi, -8(%rdi,%rdx)
        ret
        .balign 16
.Lfour: movl (%rsi), %ecx
        movl -4(%rsi,%rdx), %esi
        movl %ecx, (%rdi)
        movl %esi, -4(%rdi,%rdx)
        ret

        .balign 16
.Lmore_than_64:
        testb $WIDE, __hermit_cpu(%rip)
        jnz .Lwide
        cmpq $128, %rdx
        ja .Lnarrow_more_than_128
        vmovdqu 32(%rsi), %ymm2
        vmovdqu -64(%rsi,%rdx), %ymm3
        vmovdqu %ymm0, (%rdi)
        vmovdqu %ymm2, 32(%rdi)
        vmovdqu %ymm3, -64(%rdi,%rdx)
        vmovdqu %ymm1, -32(%rdi,%rdx)
        vzeroupper
        ret
        .balign 16
.Lnarrow_more_than_128:
        cmpq $256, %rdx
        ja __hermit_move_avx2
        vmovdqu 32(%rsi), %ymm2
        vmovdqu 64(%rsi), %ymm3
        vmovdqu 96(%rsi), %ymm4
        vmovdqu -128(%rsi,%rdx), %ymm5
        vmovdqu -96(%rsi,%rdx), %ymm6
        vmovdqu -64(%rsi,%rdx), %ymm7
        vmovdqu %ymm0, (%rdi)
        vmovdqu %ymm2, 32(%rdi)
        vmovdqu %ymm3, 64(%rdi)
        vmovdqu %ymm4, 96(%rdi)
        vmovdqu %ymm5, -128(%rdi,%rdx)
        vmovdqu %ymm6, -96(%rdi,%rdx)
        vmovdqu %ymm7, -64(%rdi,%rdx)
        vmovdqu %ymm1, -32(%rdi,%rdx)
        vzeroupper
        ret

        .balign 16
.Lwide: vzeroupper
        vmovdqu64 (%rsi), %zmm16
        vmovdqu64 -64(%rsi,%rdx), %zmm17
        cmpq $128, %rdx
        ja .Lmore_than_128
        vmovdqu64 %zmm16, (%rdi)
        vmovdqu64 %zmm17, -64(%rdi,%rdx)
        ret
        .balign 16
.Lmore_than_128:
        vmovdqu64 64(%rsi), %zmm18
        vmovdqu64 -128(%rsi,%rdx), %zmm19
        cmpq $256, %rdx
        ja .Lmore_than_256
        vmovdqu64 %zmm16, (%rdi)
        vmovdqu64 %zmm18, 64(%rdi)
        vmovdqu64 %zmm19, -128(%rdi,%rdx)
        vmovdqu64 %zmm17, -64(%rdi,%rdx)
        ret
        .balign 16
.Lmore_than_256:
        cmpq $512, %rdx
        ja __hermit_move_wide
        vmovdqu64 128(%rsi), %zmm20
        vmovdqu64 192(%rsi), %zmm21
        vmovdqu64 -256(%rsi,%rdx), %zmm22
        vmovdqu64 -192(%rsi,%rdx), %zmm23
        vmovdqu64 %zmm16, (%rdi)
        vmovdqu64 %zmm18, 64(%rdi)
        vmovdqu64 %zmm20, 128(%rdi)
        vmovdqu64 %zmm21, 192(%rdi)
        vmovdqu64 %zmm22, -256(%rdi,%rdx)
        vmovdqu64 %zmm23, -192(%rdi,%rdx)
        vmovdqu64 %zmm19, -128(%rdi,%rdx)
        vmovdqu64 %zmm17, -64(%rdi,%rdx)
        ret
        .cfi_endproc
        .size memmove, . - memmove
        .size memcpy, . - memcpy

        .section .note.GNU-stack, "", @progbits
