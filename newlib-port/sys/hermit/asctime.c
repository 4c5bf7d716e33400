/* asctime: glibc's text for every year, and question marks for what is no day or month. Replaces newlib's, whose buffer
 * ends with the year 9999. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>

#include "hermit_libc.h"
#include "time_words.h"

/* Of asctime_r's buffer: POSIX. */
#define BYTES 26

static char *print(const struct tm *tm, char *text, size_t size)
{
	if (tm == NULL) {
		errno = EINVAL;
		return NULL;
	}
	if (tm->tm_year > INT_MAX - 1900) {
		errno = EOVERFLOW;
		return NULL;
	}
	const char *day = tm->tm_wday < 0 || tm->tm_wday > 6 ? "???" : __hermit_days[tm->tm_wday];
	const char *month = tm->tm_mon < 0 || tm->tm_mon > 11 ? "???" : __hermit_months[tm->tm_mon];
	int len = snprintf(text, size, "%.3s %.3s%3d %.2d:%.2d:%.2d %d\n", day, month, tm->tm_mday, tm->tm_hour, tm->tm_min,
	                   tm->tm_sec, 1900 + tm->tm_year);
	if (len >= 0 && (size_t) len < size)
		return text;
	errno = EOVERFLOW;
	return NULL;
}

WEAK char *asctime_r(const struct tm *restrict tm, char *restrict text)
{
	return print(tm, text, BYTES);
}

WEAK char *asctime(const struct tm *tm)
{
	static __thread char text[80];
	return print(tm, text, sizeof(text));
}
