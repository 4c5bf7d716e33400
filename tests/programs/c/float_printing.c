/* float, double and long double print the digits that identify them, and read back equal. */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	static const double reals[] = { 0.1, 1.0 / 3, 1e22, 1e23, 123456789012345678.0, DBL_MAX, DBL_MIN, DBL_EPSILON, 4.35, 0.3 };
	for (unsigned i = 0; i < sizeof reals / sizeof *reals; i++) {
		char text[64];
		snprintf(text, sizeof text, "%.17g", reals[i]);
		printf("%s %d %.9g %.21Lg\n", text, strtod(text, NULL) == reals[i], (float)reals[i], (long double)reals[i]);
	}
	printf("%.30Lf\n%.20Le\n%Lg\n", 1.0L / 3, LDBL_MAX, LDBL_MIN);
	printf("%.50f\n%.0f\n", 0.1, 1e22);
	printf("%d %d %d %d\n", FLT_DIG, DBL_DIG, LDBL_DIG, LDBL_MANT_DIG);
	return 0;
}
