/* Timers that start threads: timer_thread.c, for timer.c. All return negative error numbers. */
#ifndef HERMIT_TIMER_H
#define HERMIT_TIMER_H

#include <signal.h>
#include <time.h>

enum { NR_KERNEL_TIMERS = 4096 };

/* Returns the timer's number, from NR_KERNEL_TIMERS on. */
extern int __hermit_timer_thread_create(clockid_t clock, const struct sigevent *event);
extern int __hermit_timer_thread_delete(int id);
/* new NULL: only tells. */
extern int __hermit_timer_thread_settime(int id, int flags, const struct itimerspec *new, struct itimerspec *old);
extern int __hermit_timer_thread_overrun(int id);

#endif
