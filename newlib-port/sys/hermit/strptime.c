/* strptime in the words of the C locale, reading what glibc's reads: numbers keep to their ranges and widths, %z, %s,
 * and the day of the week and of the year follow from the date. Replaces newlib's file, which checks no ranges. */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "hermit_libc.h"
#include "time_words.h"

static const short days_before[2][13] = {
	{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
	{0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366},
};

/* What is known, beyond what stands in struct tm. */
struct known {
	struct tm *tm;
	int century;        /* -1: unknown */
	int year_in_century; /* %y, or %Y? */
	int week;           /* of the year, %U or %W */
	int week_begins;    /* 0: Sunday, 1: Monday, -1: no week */
	unsigned twelve_hours : 1, afternoon : 1, date : 1;
	unsigned weekday : 1, month : 1, day : 1, day_of_year : 1;
};

static const char *skip_space(const char *text)
{
	while (isspace((unsigned char) *text))
		++text;
	return text;
}

/* A number of at most `digits` digits, blanks in front; stops before it would get larger than `to`. NULL, and nothing is
 * written: there is none, or it is out of range. */
static const char *number(const char *text, int from, int to, int digits, int *result)
{
	int value = 0;
	while (*text == ' ')
		++text;
	if (!isdigit((unsigned char) *text))
		return NULL;
	do
		value = value * 10 + *text++ - '0';
	while (--digits > 0 && value * 10 <= to && isdigit((unsigned char) *text));
	if (value < from || value > to)
		return NULL;
	*result = value;
	return text;
}

/* One of the names, or its first three letters, in any case. */
static const char *name(const char *text, const char (*names)[10], int count, int *value)
{
	for (int i = 0; i < count; ++i) {
		size_t len = strlen(names[i]);
		if (strncasecmp(text, names[i], len) != 0)
			len = 3;
		if (strncasecmp(text, names[i], len) == 0) {
			*value = i;
			return text + len;
		}
	}
	return NULL;
}

/* Z, or hours east of UTC: +hh, +hhmm, +hh:mm. */
static const char *offset(const char *text, struct tm *tm)
{
	int value = 0, digits = 0;
	text = skip_space(text);
	if (*text == 'Z') {
		tm->tm_gmtoff = 0;
		return text + 1;
	}
	if (*text != '+' && *text != '-')
		return NULL;
	int negative = *text++ == '-';
	while (digits < 4 && isdigit((unsigned char) *text)) {
		value = value * 10 + *text++ - '0';
		if (++digits == 2 && *text == ':' && isdigit((unsigned char) text[1]))
			++text;
	}
	if (digits == 2)
		value *= 100;
	else if (digits != 4 || value % 100 >= 60)
		return NULL;
	tm->tm_gmtoff = value / 100 * 3600L + value % 100 * 60;
	if (negative)
		tm->tm_gmtoff = -tm->tm_gmtoff;
	return text;
}

/* Seconds since the epoch. */
static const char *moment(const char *text, struct tm *tm)
{
	time_t seconds = 0;
	if (!isdigit((unsigned char) *text))
		return NULL;
	while (isdigit((unsigned char) *text))
		seconds = seconds * 10 + *text++ - '0';
	return __hermit_localtime_r(&seconds, tm) != NULL ? text : NULL;
}

static const char *digits(const char *text)
{
	if (!isdigit((unsigned char) *text))
		return NULL;
	while (isdigit((unsigned char) *text))
		++text;
	return text;
}

/* Whatever stands there as a zone's name is skipped. */
static const char *zone_name(const char *text)
{
	text = skip_space(text);
	while (*text != '\0' && !isspace((unsigned char) *text))
		++text;
	return text;
}

static const char *half_of_day(const char *text, struct known *known)
{
	known->afternoon = strncasecmp(text, "PM", 2) == 0;
	return known->afternoon || strncasecmp(text, "AM", 2) == 0 ? text + 2 : NULL;
}

/* What belongs to the date. */
static const char *date(const char *text, char letter, struct known *known)
{
	struct tm *tm = known->tm;
	int value = 0;
	known->date = 1;
	switch (letter) {
	case 'B':
	case 'b':
	case 'h':
		text = name(text, __hermit_months, 12, &tm->tm_mon);
		known->month = 1;
		return text;
	case 'C':
		return number(text, 0, 99, 2, &known->century);
	case 'd':
	case 'e':
		text = number(text, 1, 31, 2, &tm->tm_mday);
		known->day = 1;
		return text;
	case 'm':
		if ((text = number(text, 1, 12, 2, &value)) != NULL)
			tm->tm_mon = value - 1;
		known->month = 1;
		return text;
	case 'Y':
		if ((text = number(text, 0, 9999, 4, &value)) != NULL)
			tm->tm_year = value - 1900;
		known->century = -1;
		known->year_in_century = 0;
		return text;
	default: /* y */
		if ((text = number(text, 0, 99, 2, &value)) != NULL)
			tm->tm_year = value >= 69 ? value : value + 100;
		known->year_in_century = 1;
		return text;
	}
}

/* Days of the year and of the week, and weeks. */
static const char *day(const char *text, char letter, struct known *known)
{
	struct tm *tm = known->tm;
	int value = 0;
	switch (letter) {
	case 'j':
		if ((text = number(text, 1, 366, 3, &value)) != NULL)
			tm->tm_yday = value - 1;
		known->day_of_year = 1;
		return text;
	case 'U':
	case 'W':
		known->week_begins = letter == 'W';
		return number(text, 0, 53, 2, &known->week);
	case 'u':
		if ((text = number(text, 1, 7, 1, &value)) != NULL)
			tm->tm_wday = value % 7;
		break;
	case 'w':
		text = number(text, 0, 6, 1, &tm->tm_wday);
		break;
	default: /* A, a */
		text = name(text, __hermit_days, 7, &tm->tm_wday);
	}
	known->weekday = 1;
	return text;
}

/* What belongs to the time of the day, and what is only skipped. NULL: not there, or no such conversion. */
static const char *time_of_day(const char *text, char letter, struct known *known)
{
	struct tm *tm = known->tm;
	int value;
	switch (letter) {
	case 'G':
		return digits(text);
	case 'g':
		return number(text, 0, 99, 2, &value);
	case 'H':
	case 'k':
		known->twelve_hours = 0;
		return number(text, 0, 23, 2, &tm->tm_hour);
	case 'I':
	case 'l':
		if ((text = number(text, 1, 12, 2, &value)) != NULL)
			tm->tm_hour = value % 12;
		known->twelve_hours = 1;
		return text;
	case 'M':
		return number(text, 0, 59, 2, &tm->tm_min);
	case 'n':
	case 't':
		return skip_space(text);
	case 'P':
	case 'p':
		return half_of_day(text, known);
	case 'S':
		return number(text, 0, 61, 2, &tm->tm_sec);
	case 's':
		return moment(text, tm);
	case 'V':
		return number(text, 0, 53, 2, &value);
	case 'Z':
		return zone_name(text);
	case 'z':
		return offset(text, tm);
	case '%':
		return *text == '%' ? text + 1 : NULL;
	default:
		return NULL;
	}
}

static const char *read_all(const char *text, const char *format, struct known *known);

static const char *read_one(const char *text, char letter, struct known *known)
{
	const char *of_parts = __hermit_time_parts(letter);
	if (of_parts != NULL)
		return read_all(text, of_parts, known);
	if (letter == '\0')
		return NULL;
	if (strchr("BbhCdemYy", letter) != NULL)
		return date(text, letter, known);
	if (strchr("AajUWuw", letter) != NULL)
		return day(text, letter, known);
	return time_of_day(text, letter, known);
}

/* Modifiers mean nothing in the C locale, but they fit to some letters only. */
static const char *read_modifier(const char *format)
{
	const char *letters = *format == 'E' ? "cCyYxX" : *format == 'O' ? "bBdehHImMSUVWwy" : NULL;
	if (letters == NULL)
		return format;
	return format[1] != '\0' && strchr(letters, format[1]) != NULL ? format + 1 : NULL;
}

static const char *read_all(const char *text, const char *format, struct known *known)
{
	for (; text != NULL && *format != '\0'; ++format) {
		if (isspace((unsigned char) *format)) {
			text = skip_space(text);
		} else if (*format != '%') {
			text = *text == *format ? text + 1 : NULL;
		} else {
			++format;
			format += strspn(format, "-_0^#");
			if ((format = read_modifier(format)) == NULL)
				return NULL;
			text = read_one(text, *format, known);
			if (*format == '\0')
				return NULL;
		}
	}
	return text;
}

static int is_leap(const struct tm *tm)
{
	long year = tm->tm_year + 1900L;
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The day of the week of a date: 0 is Sunday. */
static int weekday(const struct tm *tm, int month, int day_of_month)
{
	struct tm at = {.tm_year = tm->tm_year, .tm_mon = month, .tm_mday = day_of_month};
	__hermit_timegm(&at);
	return at.tm_wday;
}

/* Month and day of the month out of the day of the year, as far as they are not known. */
static void find_month(struct known *known)
{
	struct tm *tm = known->tm;
	const short *before = days_before[is_leap(tm)];
	int month = 0;
	while (month < 11 && before[month + 1] <= tm->tm_yday)
		++month;
	if (!known->month)
		tm->tm_mon = month;
	if (!known->day)
		tm->tm_mday = tm->tm_yday - before[month] + 1;
	known->month = known->day = 1;
}

/* What follows from what was read. */
static void complete(struct known *known)
{
	struct tm *tm = known->tm;
	if (known->twelve_hours && known->afternoon)
		tm->tm_hour += 12;
	if (known->century >= 0)
		tm->tm_year = (known->century - 19) * 100 + (known->year_in_century ? tm->tm_year % 100 : 0);
	if (known->date && !known->weekday) {
		if (!(known->month && known->day) && known->day_of_year)
			find_month(known);
		if (tm->tm_mon >= 0 && tm->tm_mon < 12)
			tm->tm_wday = weekday(tm, tm->tm_mon, tm->tm_mday);
	}
	if (known->date && !known->day_of_year && tm->tm_mon >= 0 && tm->tm_mon < 12)
		tm->tm_yday = days_before[is_leap(tm)][tm->tm_mon] + tm->tm_mday - 1;
	if (known->week_begins >= 0 && known->weekday) {
		int first = weekday(tm, 0, 1), begins = known->week_begins;
		if (!known->day_of_year)
			tm->tm_yday = (7 - (first - begins)) % 7 + (known->week - 1) * 7 + (tm->tm_wday - begins + 7) % 7;
		find_month(known);
	}
}

WEAK char *strptime(const char *restrict text, const char *restrict format, struct tm *restrict tm)
{
	struct known known = {.tm = tm, .century = -1, .week_begins = -1};
	const char *end = read_all(text, format, &known);
	if (end != NULL)
		complete(&known);
	return (char *) end;
}

WEAK char *strptime_l(const char *restrict text, const char *restrict format, struct tm *restrict tm, locale_t locale)
{
	(void) locale;
	return strptime(text, format, tm);
}
