/* A set of signals: 64 bits, signal n is bit n-1, as Linux's kernel has it. */
#ifndef _SYS__SIGSET_H_
#define _SYS__SIGSET_H_

typedef unsigned long __sigset_t;

#endif
