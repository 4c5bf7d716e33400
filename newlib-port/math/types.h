/* A source for every floating-point type: compiled with FLOAT, DOUBLE or LONG_DOUBLE defined (xtask/src/steps/libc/math.rs), it
 * names its functions F(name) and their type REAL.
 */
#ifndef HERMIT_MATH_TYPES_H
#define HERMIT_MATH_TYPES_H

#include <float.h>
#include <math.h>

#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define F(name) JOINED(name, SUFFIX)
#if defined(FLOAT)
#define REAL      float
#define SUFFIX    f
#define REAL_MAX  FLT_MAX
#define REAL_MIN  FLT_MIN
#define DIGITS    FLT_MANT_DIG
#elif defined(DOUBLE)
#define REAL      double
#define SUFFIX
#define REAL_MAX  DBL_MAX
#define REAL_MIN  DBL_MIN
#define DIGITS    DBL_MANT_DIG
#else
#define REAL      long double
#define SUFFIX    l
#define REAL_MAX  LDBL_MAX
#define REAL_MIN  LDBL_MIN
#define DIGITS    LDBL_MANT_DIG
#endif

#endif
