//# libs: -lm
/* Functions on long double have long double's precision; fma rounds once. */
#include <complex.h>
#include <math.h>
#include <stdio.h>

#define TRY(function) \
	printf(#function " %.17Lg %.17Lg %.17Lg\n", function(0.3L + (argument - 0.3L)), function(0.9L), function(0.0625L))

int main(void)
{
	volatile long double argument = 0.3L; /* so that the compiler does not compute the results */
	TRY(sinl), TRY(cosl), TRY(tanl), TRY(asinl), TRY(acosl), TRY(atanl), TRY(sinhl), TRY(coshl), TRY(tanhl), TRY(expl);
	TRY(logl), TRY(log10l), TRY(log2l), TRY(log1pl), TRY(exp2l), TRY(expm1l), TRY(sqrtl), TRY(cbrtl), TRY(erfl), TRY(erfcl);
	TRY(tgammal), TRY(lgammal), TRY(asinhl), TRY(atanhl), TRY(rintl), TRY(roundl), TRY(truncl), TRY(ceill), TRY(floorl);
	printf("%.17Lg %.17Lg %.17Lg %.17Lg\n", powl(argument, 3.7L), fmodl(7.5L, argument), hypotl(3, argument), atan2l(argument, -1));
	volatile double tenth = 0.1, huge = 1e308;
	printf("%.17g %.17g %.9g\n", fma(tenth, 10, -1), fma(huge, 10, -huge), fmaf((float)tenth, 10, -1));
	long double complex root = csqrtl(-1.0L + argument * I), power = cexpl(argument + I);
	printf("%.15Lg %.15Lg %.15Lg %.15Lg\n", creall(root), cimagl(root), creall(power), cimagl(power));
	return 0;
}
