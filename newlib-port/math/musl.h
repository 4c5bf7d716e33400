/* Lets musl's functions compile with our headers: force-included in front of each (steps/libc/musl.rs).
 * The macros are musl's own words for attributes, and names that newlib gives another meaning. */
#ifndef HERMIT_MUSL_H
#define HERMIT_MUSL_H
#ifndef __ASSEMBLER__

#include <features.h>
#include <math.h> /* before the names below change */

#define hidden
#define weak                  __attribute__((__weak__))
#define weak_alias(old, new)  extern __typeof(old) old /* math/gamma.c and math/old_names.c have them */

/* The sign of gamma is the thread's: math/gamma.c. */
#define __signgam             __hermit_musl_signgam
#define lgammal               __hermit_musl_lgammal

#endif
#endif
