/* <time.h>: clocks, calendar and sleeping. Replaces newlib's file, whose clock numbers are its own; these are those
 * of Linux. */
#ifndef _TIME_H_
#define _TIME_H_

#include <_ansi.h>
#include <sys/cdefs.h>
#include <sys/reent.h>
#define __need_size_t
#define __need_NULL
#include <stddef.h>
#include <machine/time.h>
#include <sys/types.h>
#include <sys/timespec.h>
#if __POSIX_VISIBLE >= 200809
#include <sys/_locale.h>
#endif

#define CLOCKS_PER_SEC ((clock_t) _CLOCKS_PER_SEC_)
#define TIME_UTC 1

#ifdef __cplusplus
extern "C" {
#endif

struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;
	int tm_year;
	int tm_wday;
	int tm_yday;
	int tm_isdst;
	long __TM_GMTOFF;       /* seconds east of UTC */
	const char *__TM_ZONE;  /* name of the time zone */
};

clock_t clock(void);
double difftime(time_t __end, time_t __start);
time_t mktime(struct tm *__tm);
time_t time(time_t *__now);
char *asctime(const struct tm *__tm);
char *ctime(const time_t *__time);
struct tm *gmtime(const time_t *__time);
struct tm *localtime(const time_t *__time);
size_t strftime(char *__restrict __s, size_t __size, const char *__restrict __format, const struct tm *__restrict __tm);
#if __ISO_C_VISIBLE >= 2011
int timespec_get(struct timespec *__now, int __base);
#endif

#if __POSIX_VISIBLE >= 200809
size_t strftime_l(char *__restrict __s, size_t __size, const char *__restrict __format,
                  const struct tm *__restrict __tm, locale_t __locale);
#endif
char *asctime_r(const struct tm *__restrict __tm, char *__restrict __text);
char *ctime_r(const time_t *__time, char *__text);
struct tm *gmtime_r(const time_t *__restrict __time, struct tm *__restrict __tm);
struct tm *localtime_r(const time_t *__restrict __time, struct tm *__restrict __tm);

#if __XSI_VISIBLE || __MISC_VISIBLE
char *strptime(const char *__restrict __text, const char *__restrict __format, struct tm *__restrict __tm);
#endif
#if __GNU_VISIBLE
char *strptime_l(const char *__restrict __text, const char *__restrict __format, struct tm *__restrict __tm,
                 locale_t __locale);
#endif
#if __MISC_VISIBLE
time_t timegm(struct tm *__tm);
time_t timelocal(struct tm *__tm);
#endif

#if __POSIX_VISIBLE
void tzset(void);
extern char *tzname[2];
#endif
#if __MISC_VISIBLE || __XSI_VISIBLE
extern long timezone;
extern int daylight;
#endif

#if __POSIX_VISIBLE >= 199309
#define CLOCK_REALTIME            0
#define CLOCK_MONOTONIC           1
#define CLOCK_PROCESS_CPUTIME_ID  2
#define CLOCK_THREAD_CPUTIME_ID   3
#define CLOCK_MONOTONIC_RAW       4
#define CLOCK_REALTIME_COARSE     5
#define CLOCK_MONOTONIC_COARSE    6
#define CLOCK_BOOTTIME            7
#define TIMER_ABSTIME             1

int clock_gettime(clockid_t __clock, struct timespec *__now);
int clock_getres(clockid_t __clock, struct timespec *__resolution);
int clock_settime(clockid_t __clock, const struct timespec *__now);
int clock_nanosleep(clockid_t __clock, int __flags, const struct timespec *__request, struct timespec *__remain);
int nanosleep(const struct timespec *__request, struct timespec *__remain);
int clock_getcpuclockid(pid_t __pid, clockid_t *__clock);

struct sigevent;
int timer_create(clockid_t __clock, struct sigevent *__restrict __event, timer_t *__restrict __timer);
int timer_delete(timer_t __timer);
int timer_settime(timer_t __timer, int __flags, const struct itimerspec *__restrict __new,
                  struct itimerspec *__restrict __old);
int timer_gettime(timer_t __timer, struct itimerspec *__value);
int timer_getoverrun(timer_t __timer);
#endif

/* Between the parts of newlib that the library does not take: replaced/libc.a. */
#ifdef _COMPILING_NEWLIB
struct _reent;
extern char *_tzname[2];
extern long _timezone;
extern int _daylight;
void _tzset_r(struct _reent *);
typedef struct __tzrule_struct {
	char ch;
	int m;
	int n;
	int d;
	int s;
	time_t change;
	long offset;
} __tzrule_type;
typedef struct __tzinfo_struct {
	int __tznorth;
	int __tzyear;
	__tzrule_type __tzrule[2];
} __tzinfo_type;
__tzinfo_type *__gettzinfo(void);
#endif

#ifdef __cplusplus
}
#endif
#endif
