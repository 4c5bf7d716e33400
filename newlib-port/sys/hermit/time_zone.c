/* The time zone: TZ, or the host's /etc/localtime; zone files with all their history are read by musl's __tz.c
 * (steps/libc/musl_posix.rs). Here: which zone is wanted, its file, and the functions of <time.h> on top of that.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <reent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hermit_libc.h"

/* musl's: seconds to a date and back; the zone of a moment, which is local time if `local` says so. */
extern int __secs_to_tm(long long seconds, struct tm *tm);
extern long long __tm_to_secs(const struct tm *tm);
extern void __hermit_musl_tzset(void);
extern void __secs_to_zone(long long moment, int local, int *is_summer, long *offset, long *other_offset, const char **name);

/* No zone file is larger; the largest are below 4 KiB. */
#define MOST_BYTES (1024 * 1024)

/* Reads a zone file; for musl, which maps it. */
const unsigned char *__map_file(const char *path, size_t *size)
{
	struct stat st;
	unsigned char *file = NULL;
	int fd = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	if (sys_fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size < MOST_BYTES)
		file = malloc((size_t) st.st_size);
	if (file != NULL && sys_pread(fd, file, (size_t) st.st_size, 0) != st.st_size) {
		free(file);
		file = NULL;
	}
	if (file != NULL)
		*size = (size_t) st.st_size;
	sys_close(fd);
	return file;
}

void __hermit_zone_file_done(void *file)
{
	free(file);
}

/* Names of zones are names of files below the host's zoneinfo. */
static int is_file(const char *name)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s%s", *name == '/' ? "" : "/usr/share/zoneinfo/", name);
	return len > 0 && (size_t) len < sizeof(path) && sys_access(path, R_OK) == 0;
}

/* A name of a POSIX rule: three letters or more, or anything in angle brackets. NULL: there is none. */
static const char *skip_name(const char *s)
{
	const char *begin = s;
	if (*s == '<')
		return (s = strchr(s, '>')) != NULL ? s + 1 : NULL;
	while (isalpha((unsigned char) *s))
		++s;
	return s - begin >= 3 ? s : NULL;
}

/* [+-]hh[:mm[:ss]]. NULL: there is none. */
static const char *skip_offset(const char *s)
{
	s += *s == '+' || *s == '-';
	return isdigit((unsigned char) *s) ? s + strspn(s, "0123456789:") : NULL;
}

/* Whether TZ need not be looked at. */
static _Atomic int is_known;

/* TZ as musl reads it and glibc means it: a file if there is one, else a rule. Summer time without dates is that of the
 * USA; a name that is neither is UTC by this name. */
static char *rule_of(const char *tz)
{
	char *rule = NULL;
	const char *name = *tz == ':' ? tz + 1 : tz, *at;
	if (*name == '\0')
		return strdup("");
	if (is_file(name))
		return asprintf(&rule, ":%s", name) < 0 ? NULL : rule;
	if ((at = skip_name(name)) == NULL)
		return strdup("UTC0");
	int len = (int) (at - name);
	if ((at = skip_offset(at)) == NULL)
		return asprintf(&rule, "%.*s0", len, name) < 0 ? NULL : rule;
	if ((at = skip_name(at)) != NULL && (*at == '\0' || ((at = skip_offset(at)) != NULL && *at == '\0')))
		return asprintf(&rule, "%s,M3.2.0,M11.1.0", name) < 0 ? NULL : rule;
	return strdup(name);
}

/* What musl's __tz.c takes for the value of TZ; it asks with its lock held. As in glibc, TZ is looked at by tzset, localtime
 * and mktime, and by localtime_r if nothing else was called before. */
char *__hermit_zone_wanted(void)
{
	static char *last, *rule, *wanted;
	if (is_known)
		return wanted;
	char *tz = getenv("TZ");
	is_known = 1;
	wanted = NULL;
	if (tz == NULL)
		return NULL;
	if (last == NULL || strcmp(tz, last) != 0) {
		free(last);
		free(rule);
		last = strdup(tz);
		rule = rule_of(tz);
	}
	wanted = rule != NULL ? rule : (char *) "UTC0";
	return wanted;
}

WEAK void tzset(void)
{
	is_known = 0;
	__hermit_musl_tzset();
	if (tzname[1][0] == '\0')
		tzname[1] = tzname[0];
}

/* tm_zone stays what it is when TZ changes, so names are kept for ever, each once. */
static const char *kept(const char *name)
{
	struct name {
		struct name *next;
		char text[];
	};
	static struct name *_Atomic names;
	struct name *first = names, *new;
	for (struct name *known = first; known != NULL; known = known->next)
		if (strcmp(known->text, name) == 0)
			return known->text;
	if ((new = malloc(sizeof(*new) + strlen(name) + 1)) == NULL)
		return "";
	strcpy(new->text, name);
	do
		new->next = first;
	while (!__atomic_compare_exchange_n(&names, &first, new, 0, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE));
	return new->text;
}

/* Fills in a date whose tm_gmtoff is known. Returns 0, or -1 and EOVERFLOW: its year is no int. */
static int fill_in(long long moment, struct tm *tm)
{
	if (__secs_to_tm(moment + tm->tm_gmtoff, tm) == 0)
		return 0;
	errno = EOVERFLOW;
	return -1;
}

struct tm *__hermit_localtime_r(const time_t *restrict moment, struct tm *restrict tm)
{
	const char *name;
	/* Beyond, the year is no int, and musl's search for the zone goes wrong. */
	if (*moment < INT_MIN * 31622400LL || *moment > INT_MAX * 31622400LL) {
		errno = EOVERFLOW;
		return NULL;
	}
	__secs_to_zone(*moment, 0, &tm->tm_isdst, &tm->tm_gmtoff, NULL, &name);
	tm->tm_zone = kept(name);
	return fill_in(*moment, tm) == 0 ? tm : NULL;
}

struct tm *localtime_r(const time_t *restrict moment, struct tm *restrict tm) ALIAS(__hermit_localtime_r);

WEAK struct tm *localtime(const time_t *moment)
{
	struct _reent *reent = _REENT;
	_REENT_CHECK_TM(reent);
	is_known = 0;
	return __hermit_localtime_r(moment, (struct tm *) _REENT_TM(reent));
}

static struct tm *in_utc(const time_t *restrict moment, struct tm *restrict tm)
{
	tm->tm_isdst = 0;
	tm->tm_gmtoff = 0;
	tm->tm_zone = "GMT";
	return fill_in(*moment, tm) == 0 ? tm : NULL;
}

struct tm *gmtime_r(const time_t *restrict moment, struct tm *restrict tm) ALIAS(in_utc);

/* What the zone says of a moment. */
struct zone {
	int is_summer;
	long offset;
};

static struct zone zone_at(long long moment)
{
	struct zone zone;
	const char *name;
	__secs_to_zone(moment, 0, &zone.is_summer, &zone.offset, NULL, &name);
	return zone;
}

/* Where wall clocks show `wall`. A time that they jump over is taken by the clock of before, as if they had not. */
static long long find(long long wall, long guess)
{
	struct zone first = zone_at(wall - guess), second = zone_at(wall - first.offset);
	if (second.offset == first.offset)
		return wall - first.offset;
	struct zone third = zone_at(wall - second.offset);
	if (third.offset == second.offset || third.is_summer)
		return wall - second.offset;
	return wall - first.offset;
}

/* The same by summer time, or by standard time, as it holds at the time next to it that has it; an hour beside it if there
 * is no such time in the years around: glibc's way. */
static long long find_by(long long wall, long long moment, int is_summer)
{
	const long long week = 601200, years = 134217728;
	for (long long far = week; far < years; far += week)
		for (int side = -1; side <= 1; side += 2) {
			struct zone zone = zone_at(moment + side * far);
			if (zone.is_summer == is_summer)
				return wall - zone.offset;
		}
	return moment + (is_summer ? -3600 : 3600);
}

/* A wall clock shows some times twice. Like glibc's, it is the one with the offset from UTC that the last call found. */
time_t __hermit_mktime(struct tm *tm)
{
	static long last_offset;
	struct tm found;
	long long wall = __tm_to_secs(tm);
	is_known = 0;
	if (wall < INT_MIN * 31622400LL || wall > INT_MAX * 31622400LL) {
		errno = EOVERFLOW;
		return -1;
	}
	time_t moment = find(wall, __atomic_load_n(&last_offset, __ATOMIC_RELAXED));
	if (tm->tm_isdst >= 0 && zone_at(moment).is_summer != (tm->tm_isdst != 0))
		moment = find_by(wall, moment, tm->tm_isdst != 0);
	if (__hermit_localtime_r(&moment, &found) == NULL)
		return -1;
	*tm = found;
	__atomic_store_n(&last_offset, wall - moment, __ATOMIC_RELAXED);
	return moment;
}

time_t mktime(struct tm *tm) ALIAS(__hermit_mktime);
time_t timelocal(struct tm *tm) ALIAS(__hermit_mktime);

time_t __hermit_timegm(struct tm *tm)
{
	struct tm found;
	time_t moment = __tm_to_secs(tm);
	if (in_utc(&moment, &found) == NULL)
		return -1;
	*tm = found;
	return moment;
}

time_t timegm(struct tm *tm) ALIAS(__hermit_timegm);
