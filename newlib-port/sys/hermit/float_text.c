/* strtod(3), strtof, strtold in every direction of rounding, as glibc has them: newlib's round to nearest only, and floats
 * twice. Nearly always newlib's result is the right one; where it may not be, the text is compared with it digit by digit.
 */
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <reent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "float_digits.h"
#include "hermit_libc.h"

/* newlib's mprec.h and gdtoa.h. */
struct format {
	int nbits, emin, emax, rounding, sudden_underflow;
};

enum { ZERO = 0, INFINITE = 3, NAN_FOUND = 4, NAN_BITS = 5, NO_NUMBER = 6, KIND = 7, UNDERFLOW = 0x40, OVERFLOW = 0x80 };

extern double __hermit_strtod_to_nearest(struct _reent *reent, const char *text, char **end, locale_t locale);
extern locale_t __hermit_current_locale(void);
extern int _strtodg_l(struct _reent *reent, const char *text, char **end, struct format *format, int32_t *exponent,
                      uint32_t *bits, locale_t locale);
extern int _strtorx_l(struct _reent *reent, const char *text, char **end, int rounding, void *value, locale_t locale);

/* As in the field of MXCSR. */
enum direction { NEAREST, DOWN, UP, TOWARDS_ZERO };

#define DIRECTION_SHIFT 13
#define DIRECTION_MASK  (3u << DIRECTION_SHIFT)

/* What the results are rounded to. */
struct type {
	int nbits, max_exponent, max_digits; /* digits: of the longest exact number */
	long double max, min, least;
};

static const struct type float_type = {FLT_MANT_DIG, FLT_MAX_EXP, 120, FLT_MAX, FLT_MIN, FLT_TRUE_MIN};
static const struct type double_type = {DBL_MANT_DIG, DBL_MAX_EXP, 800, DBL_MAX, DBL_MIN, DBL_TRUE_MIN};
static const struct type long_type = {LDBL_MANT_DIG, LDBL_MAX_EXP, 11600, LDBL_MAX, LDBL_MIN, LDBL_TRUE_MIN};

static uint32_t control(void)
{
	uint32_t word;
	__asm__ volatile("stmxcsr %0" : "=m"(word));
	return word;
}

static void set_control(uint32_t word)
{
	__asm__ volatile("ldmxcsr %0" : : "m"(word) : "memory");
}

static enum direction direction(void)
{
	return (control() & DIRECTION_MASK) >> DIRECTION_SHIFT;
}

/* newlib computes, and so must round, to nearest. */
static double to_nearest(const char *text, char **end, locale_t locale)
{
	uint32_t before = control();
	if ((before & DIRECTION_MASK) == 0)
		return __hermit_strtod_to_nearest(_REENT, text, end, locale);
	set_control(before & ~DIRECTION_MASK);
	double value = __hermit_strtod_to_nearest(_REENT, text, end, locale);
	set_control(before);
	return value;
}

static const char *behind_sign(const char *text)
{
	while (isspace((unsigned char) *text))
		++text;
	return text + (*text == '-' || *text == '+');
}

/* Digits without zeros before and behind, as 0.DIGITS * 10^point. */
struct decimal {
	const char *digits, *end;
	long point;
};

/* Such numbers are far beyond all ranges, however many digits stand before them. */
#define LARGE_EXPONENT 1000000000

static long exponent_at(const char *text)
{
	long exponent = 0;
	const char *at = text + (*text == '-' || *text == '+');
	for (; isdigit((unsigned char) *at) && exponent < LARGE_EXPONENT; ++at)
		exponent = exponent * 10 + *at - '0';
	return *text == '-' ? -exponent : exponent;
}

/* The number at `text`, of which `end` is the end; between the digits there may be one decimal point. */
static struct decimal read_decimal(const char *text, const char *end)
{
	struct decimal d = {NULL, NULL, 0};
	long before_point = 0;
	int in_fraction = 0;
	const char *at = behind_sign(text);
	for (; at < end && *at != 'e' && *at != 'E'; ++at) {
		if (!isdigit((unsigned char) *at)) {
			in_fraction = 1;
			continue;
		}
		if (d.digits == NULL && *at != '0')
			d.digits = at;
		if (d.digits != NULL && *at != '0')
			d.end = at + 1;
		if (!in_fraction && d.digits != NULL)
			++before_point;
		else if (in_fraction && d.digits == NULL)
			--before_point;
	}
	d.point = before_point + (at < end ? exponent_at(at + 1) : 0);
	return d;
}

/* Like strcmp: |number of the text| and |value|, which is finite. */
static int compare(const char *text, const char *end, long double value, const struct type *type)
{
	struct decimal d = read_decimal(text, end);
	if (d.digits == NULL || value == 0)
		return (d.digits != NULL) - (value != 0);
	int point, sign;
	char *exact_end, *exact = _ldtoa_r(_REENT, value, 2, type->max_digits, &point, &sign, &exact_end);
	if (exact == NULL)
		return 0; /* no memory: the nearest must do */
	if (d.point != point)
		return d.point < point ? -1 : 1;
	for (const char *at = d.digits; at < d.end; ++at) {
		if (!isdigit((unsigned char) *at))
			continue;
		char other = exact < exact_end ? *exact++ : '0';
		if (*at != other)
			return *at < other ? -1 : 1;
	}
	return exact < exact_end ? -1 : 0;
}

static void fails(void)
{
	errno = ERANGE;
}

static int is_inwards(enum direction direction, int negative)
{
	return direction == TOWARDS_ZERO || direction == (negative ? UP : DOWN);
}

static int is_outwards(enum direction direction, int negative)
{
	return direction == (negative ? DOWN : UP);
}

/* mantissa * 2^exponent, which the type holds. There may be no libm to ask. */
static long double of_parts(uint64_t mantissa, int exponent)
{
	struct {
		uint64_t mantissa;
		uint16_t exponent;
	} bits = {0, 0};
	long double value = 0;
	if (mantissa == 0)
		return 0;
	int zeros = __builtin_clzl(mantissa), biased = exponent + 63 - zeros + 16383;
	bits.mantissa = biased > 0 ? mantissa << zeros : mantissa << zeros >> (1 - biased);
	bits.exponent = (uint16_t) (biased > 0 ? biased : 0);
	memcpy(&value, &bits, 10);
	return value;
}

/* The next number of the type by `step`, 1 outwards or -1 inwards, of one that is not negative: what follows in memory's order
 * follows among numbers, but that long doubles have their highest bit in memory. */
static long double next_to(long double value, int step, const struct type *type)
{
	if (type == &float_type) {
		float narrow = (float) value;
		uint32_t bits;
		memcpy(&bits, &narrow, sizeof bits);
		bits += (uint32_t) step;
		memcpy(&narrow, &bits, sizeof bits);
		return narrow;
	}
	if (type == &double_type) {
		double narrow = (double) value;
		uint64_t bits;
		memcpy(&bits, &narrow, sizeof bits);
		bits += (uint64_t) step;
		memcpy(&narrow, &bits, sizeof bits);
		return narrow;
	}
	struct {
		uint64_t mantissa;
		uint16_t exponent;
	} bits;
	memcpy(&bits, &value, 10);
	bits.mantissa += (uint64_t) step;
	if (step > 0 && bits.mantissa == 0) {
		bits.mantissa = 1ul << 63;
		++bits.exponent;
	} else if (step > 0 && bits.exponent == 0 && bits.mantissa >> 63) {
		bits.exponent = 1;
	} else if (step < 0 && !(bits.mantissa >> 63) && bits.exponent > 0) {
		if (--bits.exponent > 0)
			bits.mantissa |= 1ul << 63;
	}
	memcpy(&value, &bits, 10);
	return value;
}

/* Whether the number would be subnormal if numbers did not end there, but had as many bits as others. */
static int is_tiny(const char *text, const char *end, long double result, enum direction direction, const struct type *type)
{
	if (result != type->min)
		return result < type->min;
	if (type == &long_type)
		return compare(text, end, result, type) < 0;
	long double gap = direction == NEAREST ? type->least / 4 : type->least / 2;
	int order = compare(text, end, result - gap, &long_type);
	return direction == NEAREST ? order < 0 : order <= 0;
}

/* Rounds a decimal number in its direction, given the nearest of the type, both without signs, and tells of its being out of
 * range. */
static long double rounded(const char *text, const char *end, long double nearest, int negative, const struct type *type)
{
	enum direction where = direction();
	long double result = nearest;
	if (isinf(nearest)) {
		if (!is_inwards(where, negative)) {
			fails();
			return nearest;
		}
		/* The largest number is right for what is less than the one behind it would be. */
		if (type == &long_type || compare(text, end, of_parts(1, type->max_exponent), &long_type) >= 0)
			fails();
		return type->max;
	}
	int order = compare(text, end, nearest, type);
	if (order > 0 && is_outwards(where, negative))
		result = next_to(nearest, 1, type);
	else if (order < 0 && is_inwards(where, negative))
		result = next_to(nearest, -1, type);
	if (isinf(result) || (order != 0 && is_tiny(text, end, result, where, type)))
		fails();
	return result;
}

static int is_hexadecimal(const char *digits)
{
	return digits[0] == '0' && (digits[1] | 0x20) == 'x';
}

/* Binary digits need no comparing. */
static long double hexadecimal(const char *text, locale_t locale, const struct type *type)
{
	static const int roundings[] = {[NEAREST] = 1, [DOWN] = 3, [UP] = 2, [TOWARDS_ZERO] = 0};
	enum direction where = direction();
	int max = type->max_exponent - type->nbits;
	struct format format = {type->nbits, 3 - type->max_exponent - type->nbits, max, roundings[where], 0};
	int32_t exponent = 0;
	uint32_t bits[2] = {0, 0};
	int kind = _strtodg_l(_REENT, text, NULL, &format, &exponent, bits, locale);
	const char *digits = behind_sign(text);
	int negative = digits > text && digits[-1] == '-';
	if (kind & (UNDERFLOW | OVERFLOW))
		fails();
	long double result;
	switch (kind & KIND) {
	case ZERO:
	case NO_NUMBER:
		/* Less than the least number. */
		result = kind & UNDERFLOW && is_outwards(where, negative) ? type->least : 0;
		break;
	case INFINITE:
		result = is_inwards(where, negative) ? type->max : INFINITY;
		break;
	default:
		result = of_parts(bits[0] | (uint64_t) bits[1] << 32, exponent);
	}
	return negative ? -result : result;
}

/* Whether there is a number of finite digits; else newlib has said all. */
static int has_digits(const char *text, const char *end)
{
	const char *at = behind_sign(text);
	return end != text && (at[0] | 0x20) != 'i' && (at[0] | 0x20) != 'n';
}

double _strtod_l(struct _reent *reent, const char *restrict text, char **restrict end, locale_t locale)
{
	int errno_before = errno;
	char *behind;
	(void) reent;
	double value = to_nearest(text, &behind, locale);
	if (end != NULL)
		*end = behind;
	double size = __builtin_fabs(value);
	if ((direction() == NEAREST && size > DBL_MIN && size <= DBL_MAX) || !has_digits(text, behind))
		return value;
	errno = errno_before;
	if (is_hexadecimal(behind_sign(text)))
		return (double) hexadecimal(text, locale, &double_type);
	int negative = signbit(value) != 0;
	size = (double) rounded(text, behind, size, negative, &double_type);
	errno = errno == ERANGE ? ERANGE : errno_before;
	return negative ? -size : size;
}

/* The nearest float of a text whose nearest double is `value`, not negative, where the double may be the middle between two. */
static float nearest_float(const char *text, const char *end, double value)
{
	float result = (float) value;
	if (value == 0x1.ffffffp127)
		return compare(text, end, value, &double_type) < 0 ? FLT_MAX : INFINITY;
	if (isinf(result) || (double) result == value)
		return result;
	float other = (float) next_to(result, value > (double) result ? 1 : -1, &float_type);
	if ((double) result + (double) other != 2 * value)
		return result;
	int order = compare(text, end, value, &double_type);
	if (order == 0)
		return result;
	return (order > 0) == (other > result) ? other : result;
}

static float to_float(const char *text, char **end, locale_t locale)
{
	int errno_before = errno;
	uint32_t control_before = control();
	char *behind;
	double value = to_nearest(text, &behind, locale);
	if (end != NULL)
		*end = behind;
	if (!has_digits(text, behind))
		return isnan(value) ? (signbit(value) ? -__builtin_nanf("") : __builtin_nanf("")) : (float) value;
	errno = errno_before;
	if (is_hexadecimal(behind_sign(text)))
		return (float) hexadecimal(text, locale, &float_type);
	int negative = signbit(value) != 0;
	set_control(control_before & ~DIRECTION_MASK);
	float size = nearest_float(text, behind, __builtin_fabs(value));
	set_control(control_before);
	if (direction() != NEAREST || size <= FLT_MIN || size > FLT_MAX)
		size = (float) rounded(text, behind, size, negative, &float_type);
	errno = errno == ERANGE ? ERANGE : errno_before;
	return negative ? -size : size;
}

static long double to_long(const char *text, char **end, locale_t locale)
{
	int errno_before = errno;
	uint32_t control_before = control();
	char *behind;
	long double value;
	set_control(control_before & ~DIRECTION_MASK);
	_strtorx_l(_REENT, text, &behind, 1, &value, locale);
	set_control(control_before);
	/* Without digits behind it the "0" of "0x" is a number: newlib's strtod knows that, and this one not. */
	const char *digits = behind_sign(text);
	if (behind == text && is_hexadecimal(digits))
		behind = (char *) digits + 1;
	if (end != NULL)
		*end = behind;
	long double size = __builtin_fabsl(value);
	if (!has_digits(text, behind))
		return value;
	errno = errno_before;
	if (is_hexadecimal(behind_sign(text)))
		return hexadecimal(text, locale, &long_type);
	if (direction() == NEAREST && size > LDBL_MIN && size <= LDBL_MAX)
		return value;
	int negative = signbit(value) != 0;
	size = rounded(text, behind, size, negative, &long_type);
	errno = errno == ERANGE ? ERANGE : errno_before;
	return negative ? -size : size;
}

double _strtod_r(struct _reent *reent, const char *restrict text, char **restrict end)
{
	return _strtod_l(reent, text, end, __hermit_current_locale());
}

WEAK double strtod_l(const char *restrict text, char **restrict end, locale_t locale)
{
	return _strtod_l(_REENT, text, end, locale);
}

WEAK double strtod(const char *restrict text, char **restrict end)
{
	return _strtod_l(_REENT, text, end, __hermit_current_locale());
}

WEAK float strtof_l(const char *restrict text, char **restrict end, locale_t locale)
{
	return to_float(text, end, locale);
}

WEAK float strtof(const char *restrict text, char **restrict end)
{
	return to_float(text, end, __hermit_current_locale());
}

long double _strtold_r(struct _reent *reent, const char *restrict text, char **restrict end)
{
	(void) reent;
	return to_long(text, end, __hermit_current_locale());
}

WEAK long double strtold_l(const char *restrict text, char **restrict end, locale_t locale)
{
	return to_long(text, end, locale);
}

WEAK long double strtold(const char *restrict text, char **restrict end)
{
	return to_long(text, end, __hermit_current_locale());
}
