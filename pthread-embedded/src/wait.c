/* Waiting on the futex with POSIX's deadlines. */
#include <errno.h>

#include "hermit_libc.h"
#include "thread.h"

enum {
	FUTEX_MONOTONIC = HERMIT_FUTEX_ABSOLUTE,
	FUTEX_REALTIME = HERMIT_FUTEX_ABSOLUTE | HERMIT_FUTEX_REALTIME,
	FUTEX_RESTART = HERMIT_FUTEX_RESTART
};

static uint32_t flags_of(clockid_t clock)
{
	return clock == CLOCK_MONOTONIC ? FUTEX_MONOTONIC : FUTEX_REALTIME;
}

int __hermit_is_deadline(clockid_t clock, const struct timespec *deadline)
{
	return (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC) && deadline->tv_nsec >= 0 &&
	       deadline->tv_nsec < 1000000000;
}

int __hermit_wait(uint32_t *word, uint32_t expected, clockid_t clock, const struct timespec *deadline)
{
	if (deadline == NULL)
		return -sys_futex_wait(word, expected, NULL, 0);
	if (!__hermit_is_deadline(clock, deadline))
		return EINVAL;
	if (deadline->tv_sec < 0) /* before 1970 */
		return ETIMEDOUT;
	return -sys_futex_wait(word, expected, deadline, flags_of(clock));
}

int __hermit_wait_cancellable(uint32_t *word, uint32_t expected, clockid_t clock, const struct timespec *deadline)
{
	if (deadline == NULL)
		return -CANCELLABLE(sys_futex_wait, word, expected, NULL, FUTEX_RESTART);
	if (!__hermit_is_deadline(clock, deadline))
		return EINVAL;
	if (deadline->tv_sec < 0) {
		static const struct timespec past;
		return -CANCELLABLE(sys_futex_wait, word, expected, &past, FUTEX_MONOTONIC);
	}
	return -CANCELLABLE(sys_futex_wait, word, expected, deadline, flags_of(clock));
}
