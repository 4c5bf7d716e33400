/* The functions that the suite `math` looks at: included with macros for the shapes.
 *
 * ONE(name, lowest, highest)   of one argument; half of the arguments lie between the two, half anywhere
 * NEAR(name, lowest, highest)  the same, but no arguments elsewhere: MPFR would take minutes
 * TWO(name)                    of two
 * In long double Bessel's functions are double's, and many new ones do not exist.
 * NEW(name, lowest, highest)   of one, but not in glibc 2.36
 * NEW_TWO(name)
 */
ONE(acos, -1, 1)
ONE(acosh, 1, 20)
ONE(asin, -1, 1)
ONE(asinh, -20, 20)
ONE(atan, -20, 20)
ONE(atanh, -1, 1)
ONE(cbrt, -100, 100)
ONE(cos, -20, 20)
ONE(cosh, -20, 20)
ONE(erf, -6, 6)
ONE(erfc, -6, 28)
ONE(exp, -100, 100)
ONE(exp10, -40, 40)
ONE(exp2, -150, 150)
ONE(expm1, -10, 10)
NEAR(lgamma, -30, 100)
ONE(log, 0, 10)
ONE(log10, 0, 10)
ONE(log1p, -1, 10)
ONE(log2, 0, 10)
ONE(sin, -20, 20)
ONE(sinh, -20, 20)
ONE(sqrt, 0, 10)
ONE(tan, -20, 20)
ONE(tanh, -4, 4)
NEAR(tgamma, -30, 40)
#ifndef LONG_DOUBLE
NEAR(j0, -30, 30)
NEAR(j1, -30, 30)
NEAR(y0, 0, 30)
NEAR(y1, 0, 30)
#endif
TWO(atan2)
TWO(fmod)
TWO(hypot)
TWO(pow)
TWO(remainder)
NEW(rsqrt, 0, 10)
#ifndef LONG_DOUBLE
NEW(acospi, -1, 1)
NEW(asinpi, -1, 1)
NEW(atanpi, -20, 20)
NEW(cospi, -20, 20)
NEW(sinpi, -20, 20)
NEW(tanpi, -20, 20)
NEW(exp10m1, -10, 10)
NEW(exp2m1, -10, 10)
NEW(log10p1, -1, 10)
NEW(log2p1, -1, 10)
NEW_TWO(atan2pi)
#endif
