/* <signal.h>: numbers and structures of Linux on x86-64. Replaces newlib's file. */
#ifndef _SYS_SIGNAL_H
#define _SYS_SIGNAL_H

#include <_ansi.h>
#include <sys/cdefs.h>
#include <sys/features.h>
#include <sys/types.h>
#include <sys/_sigset.h>
#include <sys/_timespec.h>
#include <sys/_pthreadtypes.h>

#ifdef __cplusplus
extern "C" {
#endif

#if !defined(_SIGSET_T_DECLARED)
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

#define SIGHUP     1
#define SIGINT     2
#define SIGQUIT    3
#define SIGILL     4
#define SIGTRAP    5
#define SIGABRT    6
#define SIGIOT     SIGABRT
#define SIGBUS     7
#define SIGFPE     8
#define SIGKILL    9
#define SIGUSR1   10
#define SIGSEGV   11
#define SIGUSR2   12
#define SIGPIPE   13
#define SIGALRM   14
#define SIGTERM   15
#define SIGSTKFLT 16
#define SIGCHLD   17
#define SIGCLD    SIGCHLD
#define SIGCONT   18
#define SIGSTOP   19
#define SIGTSTP   20
#define SIGTTIN   21
#define SIGTTOU   22
#define SIGURG    23
#define SIGXCPU   24
#define SIGXFSZ   25
#define SIGVTALRM 26
#define SIGPROF   27
#define SIGWINCH  28
#define SIGIO     29
#define SIGPOLL   SIGIO
#define SIGPWR    30
#define SIGSYS    31
#define SIGUNUSED SIGSYS
#define SIGRTMIN  34
#define SIGRTMAX  64
#define _NSIG     65
#define NSIG      _NSIG

typedef void (*_sig_func_ptr)(int);
#define SIG_HOLD ((_sig_func_ptr) 2)

union sigval {
	int sival_int;
	void *sival_ptr;
};
typedef union sigval sigval_t;

/* 128 bytes; the members that a fault or kill() fill in. */
typedef struct {
	int si_signo;
	int si_errno;
	int si_code;
	int __pad0;
	union {
		struct {
			pid_t si_pid;
			uid_t si_uid;
			union sigval si_value;
		} __sender;
		struct {
			pid_t si_pid;
			uid_t si_uid;
			int si_status;
		} __child;
		struct {
			void *si_addr;
		} __fault;
		struct {
			int si_timerid;
			int si_overrun;
			union sigval si_value;
		} __timer;
		char __pad[112];
	} __fields;
} siginfo_t;
#define si_pid   __fields.__sender.si_pid
#define si_uid   __fields.__sender.si_uid
#define si_value __fields.__sender.si_value
#define si_int   si_value.sival_int
#define si_ptr   si_value.sival_ptr
#define si_status __fields.__child.si_status /* of SIGCHLD, which nothing sends here */
#define si_timerid __fields.__timer.si_timerid
#define si_overrun __fields.__timer.si_overrun
#define si_addr  __fields.__fault.si_addr

#define SI_USER    0
#define SI_KERNEL  0x80
#define SI_QUEUE   (-1)
#define SI_TIMER   (-2)
#define SI_MESGQ   (-3)
#define SI_ASYNCIO (-4)
#define SI_TKILL   (-6)

#define ILL_ILLOPC 1
#define ILL_ILLOPN 2
#define ILL_ILLADR 3
#define ILL_ILLTRP 4
#define ILL_PRVOPC 5
#define ILL_PRVREG 6
#define ILL_COPROC 7
#define ILL_BADSTK 8
#define FPE_INTDIV 1
#define FPE_INTOVF 2
#define FPE_FLTDIV 3
#define FPE_FLTOVF 4
#define FPE_FLTUND 5
#define FPE_FLTRES 6
#define FPE_FLTINV 7
#define FPE_FLTSUB 8
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define BUS_OBJERR 3
#define TRAP_BRKPT 1
#define TRAP_TRACE 2
#define CLD_EXITED    1
#define CLD_KILLED    2
#define CLD_DUMPED    3
#define CLD_TRAPPED   4
#define CLD_STOPPED   5
#define CLD_CONTINUED 6
#define POLL_IN  1
#define POLL_OUT 2
#define POLL_MSG 3
#define POLL_ERR 4
#define POLL_PRI 5
#define POLL_HUP 6

#define SIGEV_SIGNAL 0
#define SIGEV_NONE   1
#define SIGEV_THREAD 2
#define SIGEV_THREAD_ID 4

struct sigevent {
	union sigval sigev_value;
	int sigev_signo;
	int sigev_notify;
	union {
		int __pad[12];
		struct {
			void (*__function)(union sigval);
			pthread_attr_t *__attributes;
		} __notify;
		int __thread_id;
	} __sigev_fields;
};
#define sigev_notify_function   __sigev_fields.__notify.__function
#define sigev_notify_thread_id  __sigev_fields.__thread_id
#define sigev_notify_attributes __sigev_fields.__notify.__attributes

#define SA_NOCLDSTOP 0x00000001
#define SA_NOCLDWAIT 0x00000002
#define SA_SIGINFO   0x00000004
#define SA_ONSTACK   0x08000000
#define SA_RESTART   0x10000000
#define SA_NODEFER   0x40000000
#define SA_RESETHAND 0x80000000
#define SA_NOMASK    SA_NODEFER
#define SA_ONESHOT   SA_RESETHAND

struct sigaction {
	union {
		_sig_func_ptr __handler;
		void (*__sigaction)(int, siginfo_t *, void *);
	} __sigaction_handler;
	sigset_t sa_mask;
	int sa_flags;
};
#define sa_handler   __sigaction_handler.__handler
#define sa_sigaction __sigaction_handler.__sigaction

#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

typedef struct sigaltstack {
	void *ss_sp;
	int ss_flags;
	size_t ss_size;
} stack_t;
#define SS_ONSTACK  1
#define SS_DISABLE  2
#define MINSIGSTKSZ 2048
#define SIGSTKSZ    8192

#if __POSIX_VISIBLE
int kill(pid_t __pid, int __sig);
int sigaction(int __sig, const struct sigaction *__restrict __new, struct sigaction *__restrict __old);
int sigprocmask(int __how, const sigset_t *__restrict __set, sigset_t *__restrict __old);
int sigpending(sigset_t *__set);
int sigsuspend(const sigset_t *__mask);
int sigwait(const sigset_t *__restrict __set, int *__restrict __sig);
int sigaddset(sigset_t *__set, int __sig);
int sigdelset(sigset_t *__set, int __sig);
int sigismember(const sigset_t *__set, int __sig);
int sigfillset(sigset_t *__set);
int sigemptyset(sigset_t *__set);
#endif
#if __POSIX_VISIBLE >= 199309
int sigqueue(pid_t __pid, int __sig, const union sigval __value);
int sigwaitinfo(const sigset_t *__restrict __set, siginfo_t *__restrict __info);
int sigtimedwait(const sigset_t *__restrict __set, siginfo_t *__restrict __info,
                 const struct timespec *__restrict __timeout);
#endif
#if __POSIX_VISIBLE >= 199506
int pthread_kill(pthread_t __thread_id, int __sig);
int pthread_sigmask(int __how, const sigset_t *__restrict __set, sigset_t *__restrict __old);
#endif
#if __MISC_VISIBLE || __XSI_VISIBLE
int sigaltstack(const stack_t *__restrict __new, stack_t *__restrict __old);
int killpg(pid_t __group, int __sig);
int siginterrupt(int __sig, int __flag);
int sighold(int __sig);
int sigrelse(int __sig);
int sigignore(int __sig);
int sigpause(int __sig);
_sig_func_ptr sigset(int __sig, _sig_func_ptr __handler);
#endif
#if __GNU_VISIBLE
const char *sigabbrev_np(int __sig);
const char *sigdescr_np(int __sig);
#endif

#ifdef __cplusplus
}
#endif

#ifndef _SIGNAL_H_
#include <signal.h>
#endif

#if __POSIX_VISIBLE >= 200809 || __XSI_VISIBLE || __MISC_VISIBLE
#include <sys/ucontext.h> /* what a handler's third argument points to */
#endif

#endif
