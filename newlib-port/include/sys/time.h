/* <sys/time.h>: time of day in microseconds, interval timers. */
#ifndef _SYS_TIME_H_
#define _SYS_TIME_H_

#include <_ansi.h>
#include <sys/cdefs.h>
#include <sys/_timeval.h>
#include <sys/types.h>
#include <sys/timespec.h>
#include <sys/select.h>
#include <time.h>

struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

#if __MISC_VISIBLE
#define timerclear(t)       ((t)->tv_sec = (t)->tv_usec = 0)
#define timerisset(t)       ((t)->tv_sec || (t)->tv_usec)
#define timercmp(a, b, cmp) ((a)->tv_sec == (b)->tv_sec ? (a)->tv_usec cmp (b)->tv_usec : (a)->tv_sec cmp (b)->tv_sec)
#define timeradd(a, b, sum) \
	do { \
		(sum)->tv_sec = (a)->tv_sec + (b)->tv_sec; \
		(sum)->tv_usec = (a)->tv_usec + (b)->tv_usec; \
		if ((sum)->tv_usec >= 1000000) { \
			++(sum)->tv_sec; \
			(sum)->tv_usec -= 1000000; \
		} \
	} while (0)
#define timersub(a, b, difference) \
	do { \
		(difference)->tv_sec = (a)->tv_sec - (b)->tv_sec; \
		(difference)->tv_usec = (a)->tv_usec - (b)->tv_usec; \
		if ((difference)->tv_usec < 0) { \
			--(difference)->tv_sec; \
			(difference)->tv_usec += 1000000; \
		} \
	} while (0)
#endif

#define ITIMER_REAL    0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF    2
struct itimerval {
	struct timeval it_interval;
	struct timeval it_value;
};

__BEGIN_DECLS
int gettimeofday(struct timeval *__restrict __now, void *__restrict __timezone);
int getitimer(int __which, struct itimerval *__value);
int setitimer(int __which, const struct itimerval *__restrict __new, struct itimerval *__restrict __old);
int utimes(const char *__path, const struct timeval __times[2]);
#if __MISC_VISIBLE
int futimes(int __fd, const struct timeval __times[2]);
int lutimes(const char *__path, const struct timeval __times[2]);
#endif
__END_DECLS

#endif
