/* <ucontext.h>: coroutines, and what a signal handler sees of the interrupted code. */
#ifndef _UCONTEXT_H
#define _UCONTEXT_H

#include <signal.h>
#include <sys/cdefs.h>
#include <sys/ucontext.h>

#if __POSIX_VISIBLE >= 200809 || __XSI_VISIBLE || __MISC_VISIBLE
__BEGIN_DECLS
int getcontext(ucontext_t *__context) __attribute__((__returns_twice__));
int setcontext(const ucontext_t *__context);
int swapcontext(ucontext_t *__restrict __old, const ucontext_t *__restrict __new);
void makecontext(ucontext_t *__context, void (*__function)(void), int __count, ...);
__END_DECLS
#endif

#endif
