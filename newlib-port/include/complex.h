/* <complex.h>: all functions of C11 in three precisions, CMPLX, and glibc's clog10. Replaces newlib's file. */
#ifndef _COMPLEX_H
#define _COMPLEX_H

#include <sys/cdefs.h>

#define complex    _Complex
#define _Complex_I 1.0fi
#define I          _Complex_I

#if __ISO_C_VISIBLE >= 2011 || __GNU_VISIBLE
#ifdef __clang__
#define CMPLX(x, y)  ((double _Complex){(double)(x), (double)(y)})
#define CMPLXF(x, y) ((float _Complex){(float)(x), (float)(y)})
#define CMPLXL(x, y) ((long double _Complex){(long double)(x), (long double)(y)})
#else
#define CMPLX(x, y)  __builtin_complex((double)(x), (double)(y))
#define CMPLXF(x, y) __builtin_complex((float)(x), (float)(y))
#define CMPLXL(x, y) __builtin_complex((long double)(x), (long double)(y))
#endif
#endif

#define __HERMIT_COMPLEX(name) \
	double _Complex name(double _Complex); \
	float _Complex name##f(float _Complex); \
	long double _Complex name##l(long double _Complex);
#define __HERMIT_REAL(name) \
	double name(double _Complex); \
	float name##f(float _Complex); \
	long double name##l(long double _Complex);

__BEGIN_DECLS
__HERMIT_COMPLEX(cacos)
__HERMIT_COMPLEX(casin)
__HERMIT_COMPLEX(catan)
__HERMIT_COMPLEX(ccos)
__HERMIT_COMPLEX(csin)
__HERMIT_COMPLEX(ctan)
__HERMIT_COMPLEX(cacosh)
__HERMIT_COMPLEX(casinh)
__HERMIT_COMPLEX(catanh)
__HERMIT_COMPLEX(ccosh)
__HERMIT_COMPLEX(csinh)
__HERMIT_COMPLEX(ctanh)
__HERMIT_COMPLEX(cexp)
__HERMIT_COMPLEX(clog)
__HERMIT_COMPLEX(csqrt)
__HERMIT_COMPLEX(conj)
__HERMIT_COMPLEX(cproj)
#if __GNU_VISIBLE
__HERMIT_COMPLEX(clog10)
#endif
__HERMIT_REAL(cabs)
__HERMIT_REAL(carg)
__HERMIT_REAL(cimag)
__HERMIT_REAL(creal)
double _Complex cpow(double _Complex, double _Complex);
float _Complex cpowf(float _Complex, float _Complex);
long double _Complex cpowl(long double _Complex, long double _Complex);
__END_DECLS

#undef __HERMIT_COMPLEX
#undef __HERMIT_REAL

#endif
