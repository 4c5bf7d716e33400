/* <fenv.h>: newlib's, with glibc's functions by which floating-point exceptions become SIGFPE. Replaces newlib's file. */
#ifndef _FENV_H
#define _FENV_H

#include <sys/fenv.h>

__BEGIN_DECLS
int feclearexcept(int __exceptions);
int fegetexceptflag(fexcept_t *__flags, int __exceptions);
int feraiseexcept(int __exceptions);
int fesetexceptflag(const fexcept_t *__flags, int __exceptions);
int fetestexcept(int __exceptions);

int fegetround(void);
int fesetround(int __mode);

int fegetenv(fenv_t *__environment);
int feholdexcept(fenv_t *__environment);
int fesetenv(const fenv_t *__environment);
int feupdateenv(const fenv_t *__environment);

#if __GNU_VISIBLE
/* Which exceptions trap: the set before, or -1. */
int feenableexcept(int __exceptions);
int fedisableexcept(int __exceptions);
int fegetexcept(void);
#endif
__END_DECLS

#endif
