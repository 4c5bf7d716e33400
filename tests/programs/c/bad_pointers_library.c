//# cflags: -w
/* Addresses that are none, given to calls whose arguments Linux's kernel looks at, and here the C library: EFAULT, as natively. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096 };

static timer_t timer;
static int ends[2];

#define TRY(call)                                                                     \
	do {                                                                          \
		errno = 0;                                                            \
		long result = (long) (call);                                          \
		printf("  %s: %ld %s\n", #call, result, result < 0 ? strerror(errno) : ""); \
	} while (0)

static void try_all(const char *name, void *bad)
{
	struct timeval now = { 0, 0 };
	struct timespec nothing = { 0, 0 };
	struct itimerval none = { 0 };
	struct itimerspec off = { 0 };
	fd_set good;
	FD_ZERO(&good);
	FD_SET(ends[0], &good);
	printf("%s\n", name);
	TRY(getcwd(bad, 1000) == NULL ? -1 : 0);
	TRY(select(ends[1] + 1, bad, NULL, NULL, &now));
	TRY(select(ends[1] + 1, NULL, bad, NULL, &now));
	TRY(select(ends[1] + 1, &good, NULL, bad, &now));
	TRY(FD_ISSET(ends[0], &good));
	TRY(select(0, bad, bad, bad, &now));
	TRY(pselect(ends[1] + 1, bad, NULL, NULL, &nothing, NULL));
	TRY(ppoll(NULL, 0, &nothing, bad));
	TRY(setitimer(ITIMER_REAL, bad, NULL));
	TRY(setitimer(ITIMER_REAL, &none, bad));
	TRY(getitimer(ITIMER_REAL, bad));
	TRY(timer_settime(timer, 0, bad, NULL));
	TRY(timer_settime(timer, 0, &off, bad));
	TRY(timer_gettime(timer, bad));
	TRY(sigtimedwait(bad, NULL, &nothing));
	TRY(sigsuspend(bad));
}

int main(void)
{
	char *pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	mprotect(pages + PAGE, PAGE, PROT_NONE);
	pipe(ends);
	timer_create(CLOCK_MONOTONIC, &(struct sigevent) { .sigev_notify = SIGEV_NONE }, &timer);
	try_all("16", (char *) 16);
	try_all("-1", (char *) -1);
	try_all("PROT_NONE", pages + PAGE);
	try_all("half way", pages + PAGE - 4);
	printf("NULL\n");
	TRY(select(0, NULL, NULL, NULL, &(struct timeval) { 0, 0 }));
	TRY(timer_settime(timer, 0, NULL, NULL));
	TRY(timer_gettime(timer, NULL));
	TRY(getitimer(ITIMER_REAL, NULL));
	TRY(sigtimedwait(NULL, NULL, &(struct timespec) { 0, 0 }));
	TRY(sigsuspend(NULL));
	return 0;
}
