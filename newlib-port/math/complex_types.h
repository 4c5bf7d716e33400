/* A source on complex numbers for every type (types.h): COMPLEX is the type, C(name) names its functions; WIDE is the next larger
 * type, in whose range no square of a REAL is too large or too small, W(name) names its functions.
 */
#ifndef HERMIT_MATH_COMPLEX_TYPES_H
#define HERMIT_MATH_COMPLEX_TYPES_H

#include <complex.h>

#include "types.h"

#define COMPLEX      REAL _Complex
#define PAIR(x, y)   __builtin_complex((REAL)(x), (REAL)(y))
#define REAL_PART(z) (__real__(z))
#define IMAGINARY(z) (__imag__(z))

#if defined(FLOAT)
#define WIDE    double
#define W(name) name
#else
#define WIDE    long double
#define W(name) JOINED(name, l)
#endif

#define QUARTER_OF_PI   0.785398163397448309615660845819875721L
#define HALF_OF_PI      1.570796326794896619231321691639751442L
#define WHOLE_PI        3.141592653589793238462643383279502884L

#endif
