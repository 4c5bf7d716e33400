/* Timers with SIGEV_THREAD: each has a thread that sleeps until the next expiry and then starts the program's function in
 * a new, detached thread. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hermit_libc.h"
#include "thread.h"
#include "timer.h"

enum { SECOND_NS = 1000000000 };

struct timer {
	struct timer *next;
	int id;
	clockid_t clock;       /* of sleeping: CLOCK_REALTIME or CLOCK_MONOTONIC */
	struct sigevent event;
	int has_attributes;
	uint32_t changed;      /* futex: counts what the sleeper must hear of */
	int deleted;
	int64_t deadline_ns;   /* on the clock; 0: not armed */
	int64_t interval_ns;
	int overrun;
};

static struct timer *timers;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the list and of all timers */

static int64_t to_ns(const struct timespec *time)
{
	if (time->tv_sec >= INT64_MAX / SECOND_NS)
		return INT64_MAX;
	return time->tv_sec * SECOND_NS + time->tv_nsec;
}

static struct timespec to_timespec(int64_t ns)
{
	return (struct timespec){ns / SECOND_NS, ns % SECOND_NS};
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;
	sys_clock_gettime(clock, &now);
	return to_ns(&now);
}

/* Needs the lock. */
static struct timer *find(int id)
{
	struct timer *timer = timers;
	while (timer != NULL && timer->id != id)
		timer = timer->next;
	return timer;
}

static void tell(struct timer *timer)
{
	++timer->changed;
	sys_futex_wake(&timer->changed, 1);
}

struct call {
	void (*function)(union sigval);
	union sigval value;
};

static void *make_call(void *argument)
{
	struct call call = *(struct call *) argument;
	sigset_t none = 0;
	free(argument);
	sys_sigprocmask(SIG_SETMASK, &none, NULL);
	call.function(call.value);
	return NULL;
}

/* An expiry for which there is no memory is lost, as it counts as an overrun. */
static int notify(const struct timer *timer)
{
	pthread_attr_t attributes;
	pthread_t thread;
	struct call *call = malloc(sizeof(*call));
	if (call == NULL)
		return ENOMEM;
	*call = (struct call){timer->event.sigev_notify_function, timer->event.sigev_value};
	pthread_attr_init(&attributes);
	if (timer->has_attributes)
		memcpy(&attributes, timer->event.sigev_notify_attributes, sizeof(attributes));
	int detached = PTHREAD_CREATE_DETACHED;
	pthread_attr_setdetachstate(&attributes, detached);
	int error = pthread_create(&thread, &attributes, make_call, call);
	if (error != 0)
		free(call);
	return error;
}

/* The timer is due; needs the lock. Sets the next deadline. */
static void expire(struct timer *timer, int64_t now)
{
	int64_t late = 0;
	if (timer->interval_ns == 0) {
		timer->deadline_ns = 0;
	} else {
		late = (now - timer->deadline_ns) / timer->interval_ns;
		timer->deadline_ns += (late + 1) * timer->interval_ns;
	}
	timer->overrun = late < INT32_MAX ? (int) late : INT32_MAX;
	notify(timer);
}

static void *serve(void *argument)
{
	struct timer *timer = argument;
	pthread_mutex_lock(&lock);
	while (!timer->deleted) {
		int64_t now = now_ns(timer->clock);
		if (timer->deadline_ns != 0 && timer->deadline_ns <= now) {
			expire(timer, now);
			continue;
		}
		uint32_t seen = timer->changed;
		struct timespec deadline = to_timespec(timer->deadline_ns);
		const struct timespec *until = timer->deadline_ns != 0 ? &deadline : NULL;
		pthread_mutex_unlock(&lock);
		__hermit_wait(&timer->changed, seen, timer->clock, until);
		pthread_mutex_lock(&lock);
	}
	pthread_mutex_unlock(&lock);
	free(timer->has_attributes ? timer->event.sigev_notify_attributes : NULL);
	free(timer);
	return NULL;
}

/* The sleeper takes no signals: those are for the program's threads. */
static int start(struct timer *timer)
{
	static const sigset_t all = ~0UL;
	sigset_t before;
	pthread_t thread;
	sys_sigprocmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&thread, NULL, serve, timer);
	sys_sigprocmask(SIG_SETMASK, &before, NULL);
	if (error == 0)
		pthread_detach(thread);
	return error;
}

int __hermit_timer_thread_create(clockid_t clock, const struct sigevent *event)
{
	static int next_id = NR_KERNEL_TIMERS;
	struct timer *timer = calloc(1, sizeof(*timer));
	if (timer == NULL)
		return -EAGAIN;
	timer->clock = clock == CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
	timer->event = *event;
	if (event->sigev_notify_attributes != NULL) {
		timer->event.sigev_notify_attributes = malloc(sizeof(pthread_attr_t));
		if (timer->event.sigev_notify_attributes == NULL) {
			free(timer);
			return -EAGAIN;
		}
		memcpy(timer->event.sigev_notify_attributes, event->sigev_notify_attributes, sizeof(pthread_attr_t));
		timer->has_attributes = 1;
	}
	pthread_mutex_lock(&lock);
	int id = timer->id = next_id++;
	int error = start(timer);
	if (error == 0) {
		timer->next = timers;
		timers = timer;
	}
	pthread_mutex_unlock(&lock);
	if (error != 0) {
		free(timer->has_attributes ? timer->event.sigev_notify_attributes : NULL);
		free(timer);
		return -EAGAIN;
	}
	return id;
}

int __hermit_timer_thread_delete(int id)
{
	int result = -EINVAL;
	pthread_mutex_lock(&lock);
	for (struct timer **link = &timers; *link != NULL; link = &(*link)->next) {
		struct timer *timer = *link;
		if (timer->id != id)
			continue;
		*link = timer->next;
		timer->deleted = 1;
		tell(timer); /* it frees itself */
		result = 0;
		break;
	}
	pthread_mutex_unlock(&lock);
	return result;
}

/* Needs the lock. */
static struct itimerspec value_of(const struct timer *timer)
{
	int64_t left = 0;
	if (timer->deadline_ns != 0) {
		left = timer->deadline_ns - now_ns(timer->clock);
		left = left > 0 ? left : 1; /* an armed timer never reads as disarmed */
	}
	return (struct itimerspec){to_timespec(timer->interval_ns), to_timespec(left)};
}

static void arm(struct timer *timer, int flags, const struct itimerspec *new)
{
	int64_t value = to_ns(&new->it_value);
	int64_t base = flags & TIMER_ABSTIME || value == 0 ? 0 : now_ns(timer->clock);
	timer->deadline_ns = value > INT64_MAX - base ? INT64_MAX : base + value;
	timer->interval_ns = to_ns(&new->it_interval);
	timer->overrun = 0;
	tell(timer);
}

int __hermit_timer_thread_settime(int id, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	pthread_mutex_lock(&lock);
	struct timer *timer = find(id);
	if (timer != NULL) {
		struct itimerspec before = value_of(timer);
		if (new != NULL)
			arm(timer, flags, new);
		if (old != NULL)
			*old = before;
	}
	pthread_mutex_unlock(&lock);
	return timer != NULL ? 0 : -EINVAL;
}

int __hermit_timer_thread_overrun(int id)
{
	pthread_mutex_lock(&lock);
	struct timer *timer = find(id);
	int overrun = timer != NULL ? timer->overrun : -EINVAL;
	pthread_mutex_unlock(&lock);
	return overrun;
}
