//# cflags: -pthread
/* What a handler and sigwaitinfo learn of a signal: its number, how it was made, by whom, with which value, at which address; and what
 * sigaction says of what it was told. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "show.h"

static siginfo_t seen;
static volatile int came;
static sigjmp_buf out;

static void note(int signal, siginfo_t *info, void *context)
{
	seen = *info;
	came = signal == info->si_signo && context != NULL;
}

static void plain(int signal)
{
	came = signal;
}

static void leave(int signal, siginfo_t *info, void *context)
{
	note(signal, info, context);
	siglongjmp(out, 1);
}

static void show(const char *how)
{
	printf("%s: came %d, code %d, errno %d, ours %d\n", how, came, seen.si_code, seen.si_errno,
	       seen.si_pid == getpid() && seen.si_uid == getuid());
	came = 0;
	memset(&seen, 0, sizeof seen);
}

static void sent(void)
{
	union sigval value = { .sival_ptr = &seen };
	raise(SIGUSR1);
	show("raise");
	pthread_kill(pthread_self(), SIGUSR1);
	show("pthread_kill");
	kill(getpid(), SIGUSR1);
	show("kill");
	sigqueue(getpid(), SIGUSR1, value);
	SHOW(seen.si_value.sival_ptr == &seen);
	show("sigqueue");
	sigqueue(getpid(), SIGRTMAX, (union sigval) { .sival_int = -5 });
	SHOW(seen.si_value.sival_int);
	SHOW(seen.si_signo == SIGRTMAX);
	SHOW(kill(getpid(), 0));
	SHOW(kill(getpid(), 65));
	SHOW(sigqueue(getpid(), 0, value));
	SHOW(sigqueue(getpid(), -1, value));
	SHOW(came == 1);
}

static void by_time(void)
{
	timer_t timer;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_ptr = &timer };
	struct itimerspec soon = { .it_value = { 0, 1000000 } };
	struct itimerval also_soon = { .it_value = { 0, 1000 } };
	came = 0;
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	timer_settime(timer, 0, &soon, NULL);
	while (!came)
		;
	SHOW(seen.si_code == SI_TIMER);
	SHOW(seen.si_value.sival_ptr == &timer);
	SHOW(seen.si_overrun);
	timer_delete(timer);
	came = 0;
	setitimer(ITIMER_REAL, &also_soon, NULL);
	while (!came)
		;
	SHOW(seen.si_signo == SIGALRM);
	SHOW(seen.si_code == SI_KERNEL);
}

static char *volatile page;
static volatile int zero, some = 84;

static void fault(const char *what, void (*make)(void), const void *where)
{
	memset(&seen, 0, sizeof seen);
	if (sigsetjmp(out, 1) == 0)
		make();
	printf("%s: signal %d, code %d, address %d\n", what, seen.si_signo, seen.si_code, where == NULL || seen.si_addr == where);
}

static void read_unmapped(void) { page[4096] = page[4097]; }
static void write_read_only(void) { page[17] = 1; }
static void divide(void) { some = some / zero; }
static void undefined(void) { __asm__ volatile("ud2"); }

static void by_faults(void)
{
	page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(page + 4096, 4096);
	if (page[0] != 0)
		puts("not zero");
	fault("not mapped", read_unmapped, page + 4097);
	fault("read only", write_read_only, page + 17);
	fault("division", divide, NULL);
	fault("no instruction", undefined, NULL);
	/* Sent, it is told from a fault. */
	if (sigsetjmp(out, 1) == 0)
		raise(SIGSEGV);
	printf("sent: signal %d, code %d\n", seen.si_signo, seen.si_code);
}

static void told(void)
{
	struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER | SA_ONSTACK }, back;
	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGHUP);
	sigaddset(&action.sa_mask, SIGRTMAX);
	SHOW(sigaction(SIGUSR2, &action, NULL));
	SHOW(sigaction(SIGUSR2, NULL, &back));
	SHOW(back.sa_sigaction == note);
	SHOW(back.sa_flags & (SA_SIGINFO | SA_RESTART | SA_NODEFER | SA_ONSTACK | SA_RESETHAND));
	SHOW(sigismember(&back.sa_mask, SIGHUP));
	SHOW(sigismember(&back.sa_mask, SIGRTMAX));
	SHOW(sigismember(&back.sa_mask, SIGUSR2));
	/* signal() is BSD's: it is held back while it runs, and calls go on. */
	SHOW(signal(SIGUSR2, SIG_IGN) != SIG_ERR);
	SHOW(signal(SIGUSR2, SIG_DFL) == SIG_IGN);
	signal(SIGUSR2, plain);
	sigaction(SIGUSR2, NULL, &back);
	SHOW(back.sa_flags & (SA_SIGINFO | SA_RESTART | SA_NODEFER | SA_ONSTACK | SA_RESETHAND));
	SHOW(sigaction(SIGKILL, &action, NULL));
	SHOW(sigaction(SIGKILL, NULL, &back));
	SHOW(sigaction(0, NULL, &back));
}

int main(void)
{
	static const int to_note[] = { SIGUSR1, SIGALRM }, to_leave[] = { SIGSEGV, SIGFPE, SIGILL };
	struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };
	for (unsigned i = 0; i < sizeof to_note / sizeof *to_note; i++)
		sigaction(to_note[i], &action, NULL);
	sigaction(SIGRTMAX, &action, NULL);
	action.sa_sigaction = leave;
	for (unsigned i = 0; i < sizeof to_leave / sizeof *to_leave; i++)
		sigaction(to_leave[i], &action, NULL);
	sent();
	by_time();
	by_faults();
	told();
	return 0;
}
