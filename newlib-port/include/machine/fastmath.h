/* Functions of <math.h> that libm has for vectors too (newlib-port/math/vector.c), for gcc's vectorizer. <math.h> includes this with
 * -ffast-math, where results may differ in their last places. -DHERMIT_NO_VECTOR_MATH leaves them out: loops call the functions that
 * round correctly, one by one. clang knows the names by itself: -fveclib=libmvec. gfortran: finclude/math-vector-fortran.h.
 */
#ifndef _HERMIT_FASTMATH_H
#define _HERMIT_FASTMATH_H

#include <sys/cdefs.h>
#include <sys/features.h>

#if defined __GNUC__ && !defined __clang__ && !defined HERMIT_NO_VECTOR_MATH
__BEGIN_DECLS

#define __HERMIT_VECTOR         __attribute__((__simd__("notinbranch")))
#define __HERMIT_VECTOR1(name)  extern double name(double) __HERMIT_VECTOR;
#define __HERMIT_VECTOR2(name)  extern double name(double, double) __HERMIT_VECTOR;
#define __HERMIT_VECTOR1F(name) extern float name##f(float) __HERMIT_VECTOR;
#define __HERMIT_VECTOR2F(name) extern float name##f(float, float) __HERMIT_VECTOR;

__HERMIT_VECTOR1(acos)
__HERMIT_VECTOR1(asin)
__HERMIT_VECTOR1(atan)
__HERMIT_VECTOR2(atan2)
__HERMIT_VECTOR1(cos)
__HERMIT_VECTOR1(cosh)
__HERMIT_VECTOR1(exp)
__HERMIT_VECTOR1(log)
__HERMIT_VECTOR1(log10)
__HERMIT_VECTOR2(pow)
__HERMIT_VECTOR1(sin)
__HERMIT_VECTOR1(sinh)
__HERMIT_VECTOR1(tan)
__HERMIT_VECTOR1(tanh)

#if __ISO_C_VISIBLE >= 1999
__HERMIT_VECTOR1F(acos)
__HERMIT_VECTOR1F(asin)
__HERMIT_VECTOR1F(atan)
__HERMIT_VECTOR2F(atan2)
__HERMIT_VECTOR1F(cos)
__HERMIT_VECTOR1F(cosh)
__HERMIT_VECTOR1F(exp)
__HERMIT_VECTOR1F(log)
__HERMIT_VECTOR1F(log10)
__HERMIT_VECTOR2F(pow)
__HERMIT_VECTOR1F(sin)
__HERMIT_VECTOR1F(sinh)
__HERMIT_VECTOR1F(tan)
__HERMIT_VECTOR1F(tanh)
__HERMIT_VECTOR1(acosh)
__HERMIT_VECTOR1F(acosh)
__HERMIT_VECTOR1(asinh)
__HERMIT_VECTOR1F(asinh)
__HERMIT_VECTOR1(atanh)
__HERMIT_VECTOR1F(atanh)
__HERMIT_VECTOR1(cbrt)
__HERMIT_VECTOR1F(cbrt)
__HERMIT_VECTOR1(erf)
__HERMIT_VECTOR1F(erf)
__HERMIT_VECTOR1(erfc)
__HERMIT_VECTOR1F(erfc)
__HERMIT_VECTOR1(exp2)
__HERMIT_VECTOR1F(exp2)
__HERMIT_VECTOR1(expm1)
__HERMIT_VECTOR1F(expm1)
__HERMIT_VECTOR2(hypot)
__HERMIT_VECTOR2F(hypot)
__HERMIT_VECTOR1(log1p)
__HERMIT_VECTOR1F(log1p)
__HERMIT_VECTOR1(log2)
__HERMIT_VECTOR1F(log2)
#endif

#if __GNU_VISIBLE
__HERMIT_VECTOR1(exp10)
__HERMIT_VECTOR1F(exp10)
#endif

#undef __HERMIT_VECTOR2F
#undef __HERMIT_VECTOR1F
#undef __HERMIT_VECTOR2
#undef __HERMIT_VECTOR1
#undef __HERMIT_VECTOR

__END_DECLS
#endif

#endif
