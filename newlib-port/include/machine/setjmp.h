/* <machine/setjmp.h>: what newlib's machine/x86_64/setjmp.S saves: the eight words of callee-saved state, then what
 * sigsetjmp adds: whether the signal mask was saved, and the mask. */
#ifndef _MACHINE_SETJMP_H
#define _MACHINE_SETJMP_H

#include <_ansi.h>
#include <sys/cdefs.h>
#include <sys/_sigset.h>

#ifdef __cplusplus
extern "C" {
#endif

#define _JBTYPE long
#define _JBLEN  12
typedef _JBTYPE jmp_buf[_JBLEN];

#define _SAVEMASK 8
#define _SIGMASK  9

#if __POSIX_VISIBLE
typedef jmp_buf sigjmp_buf;
extern int __hermit_save_mask(sigjmp_buf __env, int __savemask); /* returns 0 */
extern int setjmp(jmp_buf __env) __attribute__((__returns_twice__));
/* A macro, because setjmp must be called by the frame that it is to return to. */
#define sigsetjmp(env, savemask) (__hermit_save_mask((env), (savemask)), setjmp(env))
extern void siglongjmp(sigjmp_buf __env, int __value) __attribute__((__noreturn__));
#endif
#if __MISC_VISIBLE || __XSI_VISIBLE
#define _setjmp(env) setjmp(env)
extern void _longjmp(jmp_buf __env, int __value) __attribute__((__noreturn__));
#endif

#ifdef __cplusplus
}
#endif
#endif
