/* memset: up to 256 bytes by AVX's registers, up to 1 KiB by AVX-512's, where they are good; all else is set_long.c's.
 *
 * Who has used the upper halves of registers 0 to 15 ends with VZEROUPPER; registers from 16 on need none.
 */
#include "string_parts.h"

        .text
        .balign 64
        .global memset
        .type memset, @function
memset:
        .cfi_startproc
        testb $AVX2, __hermit_cpu(%rip)
        jz __hermit_set_sse
        movq %rdi, %rax
        vmovd %esi, %xmm0
        cmpq $32, %rdx
        jb .Lless_than_32
        vpbroadcastb %xmm0, %ymm0
        cmpq $64, %rdx
        ja .Lmore_than_64
        vmovdqu %ymm0, (%rdi)
        vmovdqu %ymm0, -32(%rdi,%rdx)
        vzeroupper
        ret

        .balign 16
.Lmore_than_64:
        testb $WIDE, __hermit_cpu(%rip)
        jnz .Lwide
        cmpq $256, %rdx
        ja __hermit_set_avx2
        vmovdqu %ymm0, (%rdi)
        vmovdqu %ymm0, 32(%rdi)
        vmovdqu %ymm0, -64(%rdi,%rdx)
        vmovdqu %ymm0, -32(%rdi,%rdx)
        cmpq $128, %rdx
        ja .Lnarrow_more_than_128
        vzeroupper
        ret
        .balign 16
.Lnarrow_more_than_128:
        vmovdqu %ymm0, 64(%rdi)
        vmovdqu %ymm0, 96(%rdi)
        vmovdqu %ymm0, -128(%rdi,%rdx)
        vmovdqu %ymm0, -96(%rdi,%rdx)
        vzeroupper
        ret

        .balign 16
.Lwide: vzeroupper
        vpbroadcastb %esi, %zmm16
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
.Lless_than_32:
        vpbroadcastb %xmm0, %xmm0
        cmpl $16, %edx
        jb .Lless_than_16
        vmovdqu %xmm0, (%rdi)
        vmovdqu %xmm0, -16(%rdi,%rdx)
        ret
        .balign 16
.Lless_than_16:
        cmpl $8, %edx
        jb .Lless_than_8
        vmovq %xmm0, (%rdi)
        vmovq %xmm0, -8(%rdi,%rdx)
        ret
        .balign 16
.Lless_than_8:
        cmpl $4, %edx
        jb .Lless_than_4
        vmovd %xmm0, (%rdi)
        vmovd %xmm0, -4(%rdi,%rdx)
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
