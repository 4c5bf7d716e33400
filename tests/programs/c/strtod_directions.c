//# libs: -lm
/* strtof, strtod, strtold in every direction of rounding: hard cases, overflow, subnormal numbers, and many pseudo-random ones. */
#include <errno.h>
#include <fenv.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *name;
	int mode;
} directions[] = { { "nearest", FE_TONEAREST }, { "up", FE_UPWARD }, { "down", FE_DOWNWARD }, { "zero", FE_TOWARDZERO } };

static const char *const hard[] = { "0.1", "0.01", "1e23", "8.5e22", "0x1.8p0", "0x1.00000000000008p0", "0x1.0000000000000801p0",
	/* the middle between two floats, and a little more or less than a double shows */
	"1.000000059604644775390625", "1.00000005960464477539062500001", "1.00000005960464477539062499999",
	"1.000000178813934326171875", "1.00000017881393432617187499999", "1.00000017881393432617187500001",
	"9007199254740993", "9007199254740992.9999999999999999999999", "9007199254740993.0000000000000000000001",
	"3.4028234663852886e38", "3.4028235677973366e38", "3.4028235677973365e38", "3.5e38", "1e39",
	"1.7976931348623157e308", "1.7976931348623159e308", "1e309", "1e5000",
	"1.17549435e-38", "1.1754943e-38", "1e-40", "1.4e-45", "0.7e-45", "0.70064923216240854e-45", "1e-46",
	"2.2250738585072014e-308", "2.2250738585072011e-308", "1e-310", "4.94e-324", "2.47e-324", "1e-325",
	"3.3621031431120935063e-4932", "1e-4940", "1e-4950", "1e-4960", "0x1p-149", "0x1p-1074", "0x1p-126", "0", "123", "65536" };

/* FNV-1a of what would be printed. */
static uint64_t digest = 14695981039346656037u;

static void show(const char *text, int quietly)
{
	errno = 0;
	float f = strtof(text, NULL);
	int ef = errno;
	errno = 0;
	char *end;
	double d = strtod(text, &end);
	int ed = errno;
	errno = 0;
	long double l = strtold(text, NULL);
	int el = errno;
	char line[200];
	snprintf(line, sizeof line, "%s %a%s %a%s %La%s <%s>", text, f, ef == ERANGE ? "!" : "", d, ed == ERANGE ? "!" : "", l,
		 el == ERANGE ? "!" : "", end);
	for (const char *c = line; *c; c++)
		digest = (digest ^ (unsigned char) *c) * 1099511628211u;
	if (!quietly)
		puts(line);
}

static uint64_t next(void)
{
	static uint64_t state = 88172645463325252u;
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

int main(void)
{
	for (unsigned k = 0; k < sizeof directions / sizeof *directions; k++) {
		fesetround(directions[k].mode);
		printf("%s\n", directions[k].name);
		char text[100];
		for (unsigned i = 0; i < sizeof hard / sizeof *hard; i++) {
			show(hard[i], 0);
			snprintf(text, sizeof text, "-%s", hard[i]);
			show(text, 0);
		}
		for (int i = 0; i < 20000; i++) {
			int exponent = (int) (next() % 100) - 50;
			if (i % 8 == 0)
				exponent *= 7;
			snprintf(text, sizeof text, "%s%" PRIu64 ".%" PRIu64 "e%d", next() % 2 ? "-" : "", next() >> (next() % 64), next(), exponent);
			show(text, 1);
		}
		printf("digest %016" PRIx64 "\n", digest);
	}
	return 0;
}
