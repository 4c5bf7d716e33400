/* Clocks and sleeping. */
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cancel.h"
#include "hermit_libc.h"

WEAK int clock_gettime(clockid_t clock, struct timespec *now)
{
	return (int) to_c(sys_clock_gettime(clock, now));
}

WEAK int clock_getres(clockid_t clock, struct timespec *resolution)
{
	return (int) to_c(sys_clock_getres(clock, resolution));
}

/* The clock is the host's, so that the answer to a good question is Linux's to a program without privileges. */
WEAK int clock_settime(clockid_t clock, const struct timespec *now)
{
	struct timespec resolution;
	int result = sys_clock_getres(clock, &resolution);
	if (result == 0)
		result = clock == CLOCK_REALTIME && now->tv_sec >= 0 && now->tv_nsec >= 0 && now->tv_nsec < 1000000000 ? -EPERM : -EINVAL;
	return (int) to_c(result);
}

/* Returns an error number and leaves errno alone: POSIX. */
WEAK int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *remain)
{
	return -CANCELLABLE(sys_clock_nanosleep, clock, flags, request, remain);
}

WEAK int nanosleep(const struct timespec *request, struct timespec *remain)
{
	return (int) to_c(CANCELLABLE(sys_clock_nanosleep, CLOCK_REALTIME, 0, request, remain));
}

WEAK int usleep(useconds_t usec)
{
	struct timespec request = {usec / 1000000, (long) (usec % 1000000) * 1000};
	return (int) to_c(CANCELLABLE(sys_clock_nanosleep, CLOCK_REALTIME, 0, &request, NULL));
}

/* Returns the whole seconds that were left when a signal came. */
WEAK unsigned sleep(unsigned seconds)
{
	struct timespec request = {seconds, 0}, remain = {0, 0};
	if (CANCELLABLE(sys_clock_nanosleep, CLOCK_REALTIME, 0, &request, &remain) == 0)
		return 0;
	return (unsigned) remain.tv_sec + (remain.tv_nsec >= 500000000);
}

WEAK time_t time(time_t *now)
{
	struct timespec precise;
	if (to_c(sys_clock_gettime(CLOCK_REALTIME, &precise)) < 0)
		return -1;
	if (now != NULL)
		*now = precise.tv_sec;
	return precise.tv_sec;
}

WEAK int timespec_get(struct timespec *now, int base)
{
	return base == TIME_UTC && sys_clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

WEAK int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec precise;
	if (zone != NULL)
		memset(zone, 0, sizeof(struct timezone));
	if (now == NULL)
		return 0;
	if (to_c(sys_clock_gettime(CLOCK_REALTIME, &precise)) < 0)
		return -1;
	*now = (struct timeval){precise.tv_sec, precise.tv_nsec / 1000};
	return 0;
}

WEAK clock_t clock(void)
{
	struct timespec used;
	if (to_c(sys_clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)) < 0)
		return (clock_t) -1;
	return used.tv_sec * CLOCKS_PER_SEC + used.tv_nsec / 1000;
}

WEAK int clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
	if (pid != 0 && pid != sys_getpid())
		return ESRCH;
	*clock = CLOCK_PROCESS_CPUTIME_ID;
	return 0;
}

/* In ticks of sysconf(_SC_CLK_TCK) = 100 per second. */
WEAK clock_t times(struct tms *ticks)
{
	struct timespec used, now;
	if (to_c(sys_clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)) < 0 || to_c(sys_clock_gettime(CLOCK_MONOTONIC, &now)) < 0)
		return (clock_t) -1;
	if (ticks != NULL)
		*ticks = (struct tms){.tms_utime = used.tv_sec * 100 + used.tv_nsec / 10000000};
	return now.tv_sec * 100 + now.tv_nsec / 10000000;
}

/* What an isle knows of itself: CPU time and the most memory in use; children there are none. */
WEAK int getrusage(int who, struct rusage *usage)
{
	struct timespec used;
	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD) {
		errno = EINVAL;
		return -1;
	}
	memset(usage, 0, sizeof(*usage));
	if (who == RUSAGE_CHILDREN)
		return 0;
	int clock = who == RUSAGE_THREAD ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID;
	if (to_c(sys_clock_gettime(clock, &used)) < 0)
		return -1;
	usage->ru_utime = (struct timeval){used.tv_sec, used.tv_nsec / 1000};
	usage->ru_maxrss = (sys_memory_total() - sys_memory_free()) / 1024;
	return 0;
}
