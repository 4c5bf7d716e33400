/* Lets musl's long double functions compile with our headers: force-included in front of each (steps/libc/musl.rs).
 * The macros are musl's own words for attributes, and names that newlib gives another meaning. */
#ifndef HERMIT_MUSL_H
#define HERMIT_MUSL_H

#include <features.h>
#include <math.h> /* before the names below change */

#define hidden
#define weak                  __attribute__((__weak__))
#define weak_alias(old, new)  extern __typeof(old) new __attribute__((__weak__, __alias__(#old)))

/* newlib keeps signgam per thread, behind a function: math/long_double.c. */
#define __signgam             __hermit_musl_signgam
#define lgammal               __hermit_musl_lgammal

#endif
