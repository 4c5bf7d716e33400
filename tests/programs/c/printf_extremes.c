/* printf with arguments at the edges: all digits of extreme numbers, subnormal %a, positional arguments, NULL, %m. */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <wchar.h>

int main(void)
{
	static const double reals[] = { 0, -0.0, 0.5, 1.5, 2.5, 1e100, 1e-310, 4.9e-324, DBL_MAX, DBL_MIN, INFINITY, 9999995 };
	for (unsigned i = 0; i < sizeof reals / sizeof *reals; i++) {
		printf("%f %e %g %a %.0f %#.0f\n", reals[i], reals[i], reals[i], reals[i], reals[i], reals[i]);
		printf("%+.3a %.0a %020a %.17g %.800f\n", reals[i], reals[i], reals[i], reals[i], reals[i]);
	}
	static const long double wide[] = { 0, 1, 0.1L, 1e4000L, 1e-4940L, LDBL_MAX, LDBL_MIN, INFINITY };
	for (unsigned i = 0; i < sizeof wide / sizeof *wide; i++)
		printf("%Lf %Le %Lg %La %.3La %.21Lg\n", wide[i], wide[i], wide[i], wide[i], wide[i], wide[i]);
	printf("%2$s %1$d %2$s %3$*4$d|%5$.2f\n", 42, "twice", 7, 5, 2.675);
	printf("%p %10p|%s|%.3s|%.6s|\n", (void *)0, (void *)0, (char *)0, (char *)0, (char *)0);
	errno = ENOENT;
	printf("%m|%30m|\n");
	wchar_t text[80];
	swprintf(text, 80, L"%La %.40f", 0.1L, 0.1);
	printf("%ls\n", text);
	return 0;
}
