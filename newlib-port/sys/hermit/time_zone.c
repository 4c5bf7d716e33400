/* The time zone: TZ, or the host's /etc/localtime. Replaces newlib's tzset, which knows neither zone files nor
 * names in angle brackets, and its localtime_r, which leaves tm_gmtoff and tm_zone out.
 *
 * Of a zone file (TZif, RFC 8536) only the rule at its end is used: right for the present and the future, while
 * moments before the zone's last change of rules are told by the present rule.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hermit_libc.h"

extern int __tzcalc_limits(int year);
extern void __tz_lock(void), __tz_unlock(void);

static char names[2][32] = {"UTC", "UTC"};

/* newlib's names and POSIX's for the same variables. */
char *_tzname[2] = {names[0], names[1]};
extern char *tzname[2] __attribute__((alias("_tzname")));
int _daylight;
extern int daylight __attribute__((alias("_daylight")));
long _timezone;
extern long timezone __attribute__((alias("_timezone")));

/* A name: letters, or anything in angle brackets. Returns what follows, NULL if there is none. */
static const char *parse_name(const char *s, char name[32])
{
	int quoted = *s == '<';
	const char *end = s += quoted;
	while (quoted ? *end != '\0' && *end != '>' : isalpha((unsigned char) *end))
		++end;
	size_t len = (size_t) (end - s);
	if (len < 3 || len >= 32 || (quoted && *end != '>'))
		return NULL;
	memcpy(name, s, len);
	name[len] = '\0';
	return end + quoted;
}

/* [+-]hh[:mm[:ss]], in seconds. */
static const char *parse_time(const char *s, long *seconds)
{
	int sign = *s == '-' ? -1 : 1;
	if (*s == '-' || *s == '+')
		++s;
	if (!isdigit((unsigned char) *s))
		return NULL;
	*seconds = 0;
	for (long unit = 3600; unit >= 1; unit /= 60) {
		char *end;
		*seconds += strtol(s, &end, 10) * unit;
		s = end;
		if (*s != ':' || !isdigit((unsigned char) s[1]))
			break;
		s += unit > 1;
	}
	*seconds *= sign;
	return s;
}

/* ,Mm.w.d  ,Jn  ,n, each with /time. */
static const char *parse_rule(const char *s, __tzrule_type *rule)
{
	char *end;
	long at = 2 * 3600;
	if (*s++ != ',')
		return NULL;
	if (*s == 'M') {
		rule->ch = 'M';
		rule->m = (int) strtol(s + 1, &end, 10);
		rule->n = *end == '.' ? (int) strtol(end + 1, &end, 10) : 0;
		rule->d = *end == '.' ? (int) strtol(end + 1, &end, 10) : -1;
		if (rule->m < 1 || rule->m > 12 || rule->n < 1 || rule->n > 5 || rule->d < 0 || rule->d > 6)
			return NULL;
	} else {
		rule->ch = *s == 'J' ? 'J' : 'D';
		s += *s == 'J';
		if (!isdigit((unsigned char) *s))
			return NULL;
		rule->d = (int) strtol(s, &end, 10);
	}
	s = end;
	if (*s == '/' && (s = parse_time(s + 1, &at)) == NULL)
		return NULL;
	rule->s = (int) at;
	return s;
}

/* A POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3. Returns whether it is one. */
static int apply(const char *s)
{
	__tzinfo_type *zone = __gettzinfo();
	char standard[32], summer[32];
	__tzrule_type rules[2];
	long offset, summer_offset;
	memset(rules, 0, sizeof(rules));
	if ((s = parse_name(s, standard)) == NULL || (s = parse_time(s, &offset)) == NULL)
		return 0;
	strcpy(summer, standard);
	summer_offset = offset;
	int has_summer = *s != '\0';
	if (has_summer) {
		if ((s = parse_name(s, summer)) == NULL)
			return 0;
		summer_offset = offset - 3600;
		if (*s != ',' && *s != '\0' && (s = parse_time(s, &summer_offset)) == NULL)
			return 0;
		if (*s == '\0')
			s = ",M3.2.0,M11.1.0";
		if ((s = parse_rule(s, &rules[0])) == NULL || parse_rule(s, &rules[1]) == NULL)
			return 0;
	}
	rules[0].offset = offset;
	rules[1].offset = summer_offset;
	memcpy(zone->__tzrule, rules, sizeof(rules));
	strcpy(names[0], standard);
	strcpy(names[1], summer);
	_timezone = offset;
	_daylight = has_summer;
	if (has_summer) {
		__tzcalc_limits(zone->__tzyear);
		zone->__tznorth = zone->__tzrule[0].change < zone->__tzrule[1].change;
	}
	return 1;
}

/* Uses the rule in the last line of a zone file. Returns whether there is one. */
static int apply_file(const char *path)
{
	char end[128];
	int fd = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	int64_t len = sys_lseek(fd, 0, SEEK_END);
	int64_t from = len > (int64_t) sizeof(end) ? len - (int64_t) sizeof(end) : 0;
	long got = len > 0 ? sys_pread(fd, end, sizeof(end), from) : 0;
	sys_close(fd);
	if (got < 2 || end[got - 1] != '\n')
		return 0;
	end[got - 1] = '\0';
	const char *line = memrchr(end, '\n', (size_t) got - 1);
	return line != NULL && apply(line + 1);
}

/* Names of zones are names of files below the host's zoneinfo. */
static int apply_name(const char *name)
{
	char path[256];
	int len = snprintf(path, sizeof(path), "%s%s", *name == '/' ? "" : "/usr/share/zoneinfo/", name);
	return len > 0 && (size_t) len < sizeof(path) && apply_file(path);
}

void _tzset_unlocked_r(struct _reent *reent)
{
	static char *last;
	static int known;
	const char *wanted = getenv("TZ");
	(void) reent;
	if (known && (wanted == NULL ? last == NULL : last != NULL && strcmp(wanted, last) == 0))
		return;
	free(last);
	last = wanted != NULL ? strdup(wanted) : NULL;
	known = 1;
	int found = 0;
	if (wanted == NULL)
		found = apply_file("/etc/localtime");
	else if (*wanted == ':')
		found = apply_name(wanted + 1);
	else if (*wanted != '\0')
		found = apply(wanted) || apply_name(wanted);
	if (!found)
		apply("UTC0");
}

void _tzset_unlocked(void)
{
	_tzset_unlocked_r(_REENT);
}

void _tzset_r(struct _reent *reent)
{
	__tz_lock();
	_tzset_unlocked_r(reent);
	__tz_unlock();
}

void tzset(void)
{
	_tzset_r(_REENT);
}

/* Whether summer time is in force. */
static int is_summer(const __tzinfo_type *zone, time_t moment, int year)
{
	if (!_daylight || (year != zone->__tzyear && !__tzcalc_limits(year)))
		return 0;
	int begun = moment >= zone->__tzrule[0].change, ended = moment >= zone->__tzrule[1].change;
	/* On the southern half of the earth summer lasts over the turn of the year. */
	return zone->__tznorth ? begun && !ended : begun || !ended;
}

struct tm *localtime_r(const time_t *restrict moment, struct tm *restrict tm)
{
	__tz_lock();
	_tzset_unlocked();
	const __tzinfo_type *zone = __gettzinfo();
	gmtime_r(moment, tm);
	int summer = is_summer(zone, *moment, tm->tm_year + 1900);
	long west = zone->__tzrule[summer].offset;
	time_t shifted = *moment - west;
	gmtime_r(&shifted, tm);
	tm->tm_isdst = summer;
	tm->tm_gmtoff = -west;
	tm->tm_zone = _tzname[summer];
	__tz_unlock();
	return tm;
}

time_t timelocal(struct tm *tm)
{
	return mktime(tm);
}

/* mktime in UTC: days from the civil date, after Howard Hinnant's algorithm. */
time_t timegm(struct tm *tm)
{
	long year = tm->tm_year + 1900L + tm->tm_mon / 12;
	int month = tm->tm_mon % 12;
	if (month < 0) {
		month += 12;
		--year;
	}
	year -= month < 2;
	long era = (year >= 0 ? year : year - 399) / 400;
	long of_era = year - era * 400;
	long of_year = (153 * (month + (month > 1 ? -2 : 10)) + 2) / 5;
	long days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
	time_t moment = ((days + tm->tm_mday - 1) * 24 + tm->tm_hour) * 3600 + tm->tm_min * 60L + tm->tm_sec;
	gmtime_r(&moment, tm);
	return moment;
}
