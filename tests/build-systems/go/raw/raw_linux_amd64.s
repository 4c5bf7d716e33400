#include "textflag.h"

// func Call(number uintptr) uintptr
TEXT ·Call(SB),NOSPLIT,$0-16
	MOVQ	number+0(FP), AX
	SYSCALL
	MOVQ	AX, ret+8(FP)
	RET
