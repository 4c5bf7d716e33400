/* Lets CORE-MATH's functions compile with our headers: force-included in front of each (steps/libc/core_math.rs). */
#ifndef HERMIT_CORE_MATH_H
#define HERMIT_CORE_MATH_H

#include <errno.h>
#include <fenv.h>
#include <math.h> /* signgam is the thread's */
#include <stdio.h>
#include <stdlib.h>

/* pow and powl report arguments for which their last step did not suffice, and end the program. None are known; printf would be
 * linked into every program that calls them. */
#define printf(...) ((void)0)
#define puts(text)  ((void)0)
#define exit(code)  __builtin_trap()

#endif
