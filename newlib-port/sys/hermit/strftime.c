/* strftime and wcsftime, in the words of the C locale, the only ones that there are. glibc's extensions: flags
 * (- _ 0 ^ #), widths, and what is no conversion stays as it is. Replaces newlib's files, which give up the whole text
 * there, and index tables of names with members that are out of range. */
#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "hermit_libc.h"
#include "time_words.h"

/* Where the text goes. */
struct output {
	char *at;
	size_t left;        /* with room for the zero at the end */
	int full;
};

/* One conversion: %[flags][width][modifier]letter. */
struct conversion {
	char padding;       /* - _ 0, or zero: as the conversion likes it */
	int upper, lower;
	int other_case;     /* the flag # */
	int width;          /* -1: none */
	char modifier;      /* E, O, or zero */
	char letter;
	const char *text;   /* from the percent sign */
	const char *end;    /* behind the letter */
};

static void fill(struct output *out, char c, long count)
{
	if (count <= 0)
		return;
	if ((size_t) count >= out->left) {
		out->full = 1;
		return;
	}
	memset(out->at, c, (size_t) count);
	out->at += count;
	out->left -= (size_t) count;
}

/* Text, as wide as it should be at least, in the wanted case. */
static void put(struct output *out, const struct conversion *how, const char *text, size_t len)
{
	if (how->width > 0)
		fill(out, how->padding == '0' ? '0' : ' ', how->width - (long) len);
	if (out->full || len >= out->left) {
		out->full = 1;
		return;
	}
	for (size_t i = 0; i < len; ++i) {
		int c = (unsigned char) text[i];
		out->at[i] = (char) (how->upper ? toupper(c) : how->lower ? tolower(c) : c);
	}
	out->at += len;
	out->left -= len;
}

/* A number with `digits` digits at least; `usual` is its padding if no flag says another. */
static void put_number(struct output *out, const struct conversion *how, long number, int digits, char usual)
{
	char text[24], padding = how->padding != '\0' ? how->padding : usual;
	char *at = text + sizeof(text);
	unsigned long rest = number < 0 ? 0 - (unsigned long) number : (unsigned long) number;
	do
		*--at = (char) ('0' + rest % 10);
	while ((rest /= 10) != 0);
	long len = text + sizeof(text) - at, wanted = how->width > digits ? how->width : digits;
	long missing = padding == '-' ? 0 : wanted - len - (number < 0);
	struct conversion plain = {0};
	if (padding == '-')
		fill(out, ' ', how->width - len - (number < 0));
	if (padding == '_')
		fill(out, ' ', missing);
	if (number < 0)
		put(out, &plain, "-", 1);
	if (padding != '_')
		fill(out, '0', missing);
	put(out, &plain, at, (size_t) len);
}

static void format_all(struct output *out, const char *format, const struct tm *tm);

/* A conversion that stands for several. */
static void put_parts(struct output *out, const struct conversion *how, const char *format, const struct tm *tm)
{
	char text[128];
	struct output parts = {text, sizeof(text), 0};
	format_all(&parts, format, tm);
	put(out, how, text, (size_t) (parts.at - text));
}

static void put_name(struct output *out, struct conversion *how, const char (*names)[10], int count, int which, size_t most)
{
	const char *name = which >= 0 && which < count ? names[which] : "?";
	how->upper |= how->other_case;
	put(out, how, name, strnlen(name, most));
}

/* Days since the Monday of week 1 (ISO 8601), which has the year's first Thursday in it; negative before. */
static int days_in_iso_year(int day_of_year, int weekday)
{
	int weeks = 54 * 7; /* more than a year, so that the operand of % is positive */
	return day_of_year - (day_of_year - weekday + 4 + weeks) % 7 + 4 - 1;
}

/* As an int: glibc's wraps around at its end. */
static int year_of(const struct tm *tm)
{
	return (int) (1900u + (unsigned) tm->tm_year);
}

static int days_of_year(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
}

/* The week and the year of ISO 8601. */
static int iso_week(const struct tm *tm, int *year)
{
	*year = year_of(tm);
	int day = days_in_iso_year(tm->tm_yday, tm->tm_wday);
	if (day < 0) {
		--*year;
		day = days_in_iso_year(tm->tm_yday + days_of_year(*year), tm->tm_wday);
	} else {
		int next = days_in_iso_year(tm->tm_yday - days_of_year(*year), tm->tm_wday);
		if (next >= 0) {
			++*year;
			day = next;
		}
	}
	return day / 7 + 1;
}

/* Nothing if it is not known whether it is summer. */
static void put_offset(struct output *out, const struct conversion *how, const struct tm *tm)
{
	if (tm->tm_isdst < 0)
		return;
	long minutes = tm->tm_gmtoff / 60, number = minutes / 60 * 100 + minutes % 60;
	put(out, how, tm->tm_gmtoff < 0 ? "-" : "+", 1);
	put_number(out, how, number < 0 ? -number : number, 4, '0');
}

/* Names and other words. Returns whether the letter is one of them. */
static int put_word(struct output *out, struct conversion *how, const struct tm *tm)
{
	const char *zone = tm->tm_zone != NULL ? tm->tm_zone : "";
	switch (how->letter) {
	case 'a':
	case 'A':
		put_name(out, how, __hermit_days, 7, tm->tm_wday, how->letter == 'a' ? 3 : 9);
		return 1;
	case 'b':
	case 'h':
	case 'B':
		put_name(out, how, __hermit_months, 12, tm->tm_mon, how->letter == 'B' ? 9 : 3);
		return 1;
	case 'P':
	case 'p':
		if (how->letter == 'P' || how->other_case) {
			how->upper = 0;
			how->lower = 1;
		}
		put(out, how, tm->tm_hour > 11 ? "PM" : "AM", 2);
		return 1;
	case 'Z':
		if (how->other_case) {
			how->upper = 0;
			how->lower = 1;
		}
		put(out, how, zone, strlen(zone));
		return 1;
	case 'n':
		put(out, how, "\n", 1);
		return 1;
	case 't':
		put(out, how, "\t", 1);
		return 1;
	case '%':
		put(out, how, "%", 1);
		return 1;
	default:
		return 0;
	}
}

/* Seconds since the epoch, as text: a width adds blanks. */
static void put_moment(struct output *out, const struct conversion *how, const struct tm *tm)
{
	char text[24];
	struct tm copy = *tm;
	struct output digits = {text, sizeof(text), 0};
	struct conversion plain = {0};
	put_number(&digits, &plain, __hermit_mktime(&copy), 1, '0');
	put(out, how, text, (size_t) (digits.at - text));
}

/* Numbers. Returns whether the letter is one of them. */
static int put_value(struct output *out, const struct conversion *how, const struct tm *tm)
{
	int year = year_of(tm), of_week;
	int hour = tm->tm_hour > 12 ? tm->tm_hour - 12 : tm->tm_hour == 0 ? 12 : tm->tm_hour;
	switch (how->letter) {
	case 'C':
		put_number(out, how, year / 100 - (year % 100 < 0), 1, '0');
		return 1;
	case 'd':
		put_number(out, how, tm->tm_mday, 2, '0');
		return 1;
	case 'e':
		put_number(out, how, tm->tm_mday, 2, '_');
		return 1;
	case 'G':
		iso_week(tm, &of_week);
		put_number(out, how, of_week, 1, '0');
		return 1;
	case 'g':
		iso_week(tm, &of_week);
		put_number(out, how, (of_week % 100 + 100) % 100, 2, '0');
		return 1;
	case 'H':
		put_number(out, how, tm->tm_hour, 2, '0');
		return 1;
	case 'I':
		put_number(out, how, hour, 2, '0');
		return 1;
	case 'j':
		put_number(out, how, tm->tm_yday + 1L, 3, '0');
		return 1;
	case 'k':
		put_number(out, how, tm->tm_hour, 2, '_');
		return 1;
	case 'l':
		put_number(out, how, hour, 2, '_');
		return 1;
	case 'M':
		put_number(out, how, tm->tm_min, 2, '0');
		return 1;
	case 'm':
		put_number(out, how, tm->tm_mon + 1L, 2, '0');
		return 1;
	case 'S':
		put_number(out, how, tm->tm_sec, 2, '0');
		return 1;
	case 's':
		put_moment(out, how, tm);
		return 1;
	case 'U':
		put_number(out, how, (tm->tm_yday - tm->tm_wday + 7) / 7, 2, '0');
		return 1;
	case 'u':
		put_number(out, how, (tm->tm_wday - 1 + 7) % 7 + 1, 1, '0');
		return 1;
	case 'V':
		put_number(out, how, iso_week(tm, &of_week), 2, '0');
		return 1;
	case 'W':
		put_number(out, how, (tm->tm_yday - (tm->tm_wday - 1 + 7) % 7 + 7) / 7, 2, '0');
		return 1;
	case 'w':
		put_number(out, how, tm->tm_wday, 1, '0');
		return 1;
	case 'Y':
		put_number(out, how, year, 1, '0');
		return 1;
	case 'y':
		put_number(out, how, (tm->tm_year % 100 + 100) % 100, 2, '0');
		return 1;
	case 'z':
		put_offset(out, how, tm);
		return 1;
	default:
		return 0;
	}
}

/* Reads what follows a percent sign. */
static struct conversion parse(const char *percent)
{
	struct conversion how = {.width = -1, .text = percent};
	const char *at = percent + 1;
	for (; *at != '\0' && strchr("-_0^#", *at) != NULL; ++at) {
		if (*at == '^')
			how.upper = 1;
		else if (*at == '#')
			how.other_case = 1;
		else
			how.padding = *at;
	}
	if (isdigit((unsigned char) *at))
		how.width = 0;
	for (; isdigit((unsigned char) *at); ++at) {
		int digit = *at - '0';
		how.width = how.width > (INT_MAX - digit) / 10 ? INT_MAX : how.width * 10 + digit;
	}
	if (*at == 'E' || *at == 'O')
		how.modifier = *at++;
	how.letter = *at;
	how.end = at + (*at != '\0');
	return how;
}

/* Modifiers mean nothing in the C locale, but they fit to some letters only. */
static int is_modified_well(const struct conversion *how)
{
	switch (how->modifier) {
	case 'E':
		return how->letter != '\0' && strchr("%cCnptPrRsXxYyZztuT", how->letter) != NULL;
	case 'O':
		return how->letter != '\0' && strchr("%BbhCdeGgHIjklMmnPpRrSsTtUuVWwyzZ", how->letter) != NULL;
	default:
		return 1;
	}
}

static void put_conversion(struct output *out, struct conversion *how, const struct tm *tm)
{
	const char *of_parts = __hermit_time_parts(how->letter);
	if (is_modified_well(how)) {
		if (of_parts != NULL) {
			put_parts(out, how, of_parts, tm);
			return;
		}
		if (put_word(out, how, tm) || put_value(out, how, tm))
			return;
	}
	put(out, how, how->text, (size_t) (how->end - how->text));
}

static void format_all(struct output *out, const char *format, const struct tm *tm)
{
	struct conversion plain = {0};
	while (*format != '\0' && !out->full) {
		size_t len = strcspn(format, "%");
		put(out, &plain, format, len);
		format += len;
		if (*format == '%') {
			struct conversion how = parse(format);
			put_conversion(out, &how, tm);
			format = how.end;
		}
	}
}

WEAK size_t strftime(char *restrict s, size_t size, const char *restrict format, const struct tm *restrict tm)
{
	struct output out = {s, size, size == 0};
	format_all(&out, format, tm);
	if (out.full)
		return 0;
	*out.at = '\0';
	return (size_t) (out.at - s);
}

WEAK size_t strftime_l(char *restrict s, size_t size, const char *restrict format, const struct tm *restrict tm, locale_t locale)
{
	(void) locale;
	return strftime(s, size, format, tm);
}

/* What stands between conversions may be any character, in any locale; conversions are ASCII. */
WEAK size_t wcsftime(wchar_t *restrict s, size_t size, const wchar_t *restrict format, const struct tm *restrict tm)
{
	size_t at = 0;
	while (*format != L'\0') {
		char spec[64], text[512];
		struct output out = {text, sizeof(text), 0};
		size_t len = 0;
		if (*format != L'%') {
			if (at + 1 >= size)
				return 0;
			s[at++] = *format++;
			continue;
		}
		do
			spec[len++] = (char) *format++;
		while (len < sizeof(spec) - 1 && *format > 0 && *format < 128 && strchr("-_0^#123456789EO", (char) *format) != NULL);
		if (*format > 0 && *format < 128)
			spec[len++] = (char) *format++;
		spec[len] = '\0';
		format_all(&out, spec, tm);
		len = (size_t) (out.at - text);
		if (out.full || at + len >= size)
			return 0;
		for (size_t i = 0; i < len; ++i)
			s[at++] = (unsigned char) text[i];
	}
	if (at >= size)
		return 0;
	s[at] = L'\0';
	return at;
}

WEAK size_t wcsftime_l(wchar_t *restrict s, size_t size, const wchar_t *restrict format, const struct tm *restrict tm, locale_t locale)
{
	(void) locale;
	return wcsftime(s, size, format, tm);
}
