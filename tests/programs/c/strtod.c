/* Text to numbers: strtod, strtof, strtold, strtol and friends, with end pointers and ERANGE. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const reals[] = { "0", "-0.0", "1", "3.14159265358979323846", "1e10", "1e-10", ".5", "5.", "1e", "1e+", "+7",
	"  42  ", "0x1.8p3", "0x.1p-4", "0x", "inf", "-INFINITY", "nan", "NaN(123)", "1e400", "-1e400", "1e-400", "2.2250738585072014e-308",
	 "1.7976931348623157e308", "179769313486231580793e289", "9007199254740993",
	"0.1000000000000000055511151231257827021181583404541015625", "abc", "", "12abc" };

static const char *const integers[] = { "0", "-1", "  +17", "0x1F", "017", "z", "9223372036854775807", "9223372036854775808",
	"-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "", "12 34" };

int main(void)
{
	for (unsigned i = 0; i < sizeof reals / sizeof *reals; i++) {
		char *end;
		errno = 0;
		double value = strtod(reals[i], &end);
		printf("<%s> %a %.17g rest <%s>%s\n", reals[i], value != value ? 0 : value, value != value ? 0 : value, end,
		       errno == ERANGE ? " ERANGE" : "");
		errno = 0;
		float single = strtof(reals[i], NULL);
		long double large = strtold(reals[i], NULL);
		printf("  float %.9g long double %.21Lg\n", single != single ? 0 : single, large != large ? 0 : large);
	}
	static const int bases[] = { 0, 10, 16, 8, 2, 36 };
	for (unsigned i = 0; i < sizeof integers / sizeof *integers; i++)
		for (unsigned b = 0; b < sizeof bases / sizeof *bases; b++) {
			char *end;
			errno = 0;
			long value = strtol(integers[i], &end, bases[b]);
			printf("<%s> base %d: %ld rest <%s>%s", integers[i], bases[b], value, end, errno == ERANGE ? " ERANGE" : "");
			errno = 0;
			unsigned long long large = strtoull(integers[i], &end, bases[b]);
			printf(" %llu%s\n", large, errno == ERANGE ? " ERANGE" : "");
		}
	printf("%d %ld %g %" PRIdMAX "\n", atoi("-12x"), atol("99"), atof("2.5e3"), strtoimax("-77", NULL, 10));
	return 0;
}
