/* POSIX timers. The kernel's send signals; those with SIGEV_THREAD are threads of our own (timer_thread.c), whose numbers
 * begin where the kernel's end. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "hermit_libc.h"
#include "thread.h"
#include "timer.h"

static int number(timer_t timer)
{
	uintptr_t value = (uintptr_t) timer;
	return value <= 0x7fffffff ? (int) value : -1;
}

/* A thread can wait for time to pass, and not for CPU time. */
static int can_wait_on(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME;
}

static int has_signal(const struct sigevent *event)
{
	return event->sigev_signo > 0 && event->sigev_signo < NSIG && event->sigev_signo != SIGNAL_CANCEL;
}

/* Returns the number of a timer of the kernel, or a negative error number. */
static int create(clockid_t clock, const struct sigevent *event)
{
	uint64_t value;
	if (event == NULL)
		return sys_timer_create((int) clock, SIGALRM, 0, NULL);
	memcpy(&value, &event->sigev_value, sizeof(value));
	switch (event->sigev_notify) {
	case SIGEV_NONE:
		return sys_timer_create((int) clock, 0, 0, &value);
	case SIGEV_SIGNAL:
		return has_signal(event) ? sys_timer_create((int) clock, event->sigev_signo, 0, &value) : -EINVAL;
	case SIGEV_THREAD_ID:
		return has_signal(event) && event->sigev_notify_thread_id > 0
		               ? sys_timer_create((int) clock, event->sigev_signo, event->sigev_notify_thread_id, &value)
		               : -EINVAL;
	default:
		return -EINVAL;
	}
}

int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict timer)
{
	int threaded = event != NULL && event->sigev_notify == SIGEV_THREAD;
	struct timespec resolution;
	int id = sys_clock_getres((int) clock, &resolution); /* EINVAL: no such clock */
	if (id >= 0 && threaded && !can_wait_on(clock))
		id = -ENOTSUP;
	if (id >= 0)
		id = threaded ? __hermit_timer_thread_create(clock, event) : create(clock, event);
	if (id < 0)
		return (int) to_c(id);
	*timer = (timer_t) (uintptr_t) id;
	return 0;
}

int timer_delete(timer_t timer)
{
	int id = number(timer);
	return (int) to_c(id >= NR_KERNEL_TIMERS ? __hermit_timer_thread_delete(id) : sys_timer_delete(id));
}

static int valid(const struct timespec *time)
{
	return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000;
}

int timer_settime(timer_t timer, int flags, const struct itimerspec *restrict new, struct itimerspec *restrict old)
{
	int id = number(timer);
	struct itimerspec value;
	if (new == NULL)
		return (int) to_c(-EINVAL);
	if (sys_copy(&value, new, sizeof(value)) < 0)
		return (int) to_c(-EFAULT);
	if (!valid(&value.it_value) || !valid(&value.it_interval))
		return (int) to_c(-EINVAL);
	if (id >= NR_KERNEL_TIMERS)
		return (int) to_c(__hermit_timer_thread_settime(id, flags, &value, old));
	return (int) to_c(id < 0 ? -EINVAL : sys_timer_settime(id, flags, &value, old));
}

int timer_gettime(timer_t timer, struct itimerspec *value)
{
	int id = number(timer);
	if (id >= 0 && value == NULL)
		return (int) to_c(-EFAULT);
	if (id >= NR_KERNEL_TIMERS)
		return (int) to_c(__hermit_timer_thread_settime(id, 0, NULL, value));
	return (int) to_c(id < 0 ? -EINVAL : sys_timer_settime(id, 0, NULL, value));
}

int timer_getoverrun(timer_t timer)
{
	int id = number(timer);
	return (int) to_c(id >= NR_KERNEL_TIMERS ? __hermit_timer_thread_overrun(id) : sys_timer_getoverrun(id));
}
