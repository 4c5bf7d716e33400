/* <fenv.h>: newlib's types, Linux's numbers, C23's functions, and glibc's by which floating-point exceptions become SIGFPE.
 * Replaces newlib's file; the functions are in math/fenv.c. */
#ifndef _FENV_H
#define _FENV_H

#include <sys/fenv.h>

/* As the bits are in the x87's control word. */
#undef FE_DOWNWARD
#undef FE_UPWARD
#undef FE_TOWARDZERO
#define FE_DOWNWARD   0x400
#define FE_UPWARD     0x800
#define FE_TOWARDZERO 0xc00

#undef FE_DFL_ENV
#undef FE_NOMASK_ENV
#define FE_DFL_ENV ((const fenv_t *)-1)
#if __GNU_VISIBLE
#define FE_NOMASK_ENV ((const fenv_t *)-2)
#endif

/* The control modes alone. */
typedef struct {
	unsigned short _control_word;
	unsigned int _mxcsr;
} femode_t;
#define FE_DFL_MODE ((const femode_t *)-1)

__BEGIN_DECLS
int feclearexcept(int __exceptions);
int fegetexceptflag(fexcept_t *__flags, int __exceptions);
int feraiseexcept(int __exceptions);
int fesetexceptflag(const fexcept_t *__flags, int __exceptions);
int fetestexcept(int __exceptions);
int fetestexceptflag(const fexcept_t *__flags, int __exceptions);
int fesetexcept(int __exceptions);

int fegetround(void);
int fesetround(int __mode);

int fegetenv(fenv_t *__environment);
int feholdexcept(fenv_t *__environment);
int fesetenv(const fenv_t *__environment);
int feupdateenv(const fenv_t *__environment);
int fegetmode(femode_t *__modes);
int fesetmode(const femode_t *__modes);

#if __GNU_VISIBLE
/* Which exceptions trap: the set before, or -1. */
int feenableexcept(int __exceptions);
int fedisableexcept(int __exceptions);
int fegetexcept(void);
#endif
__END_DECLS

#endif
