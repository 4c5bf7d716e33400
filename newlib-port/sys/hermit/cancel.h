/* Cancellation points: CANCELLABLE(sys_read, fd, buffer, len) is sys_read(fd, buffer, len), unless the thread is to be
 * cancelled before or instead of sleeping; then it does not return.
 *
 * A call that has done something returns its result even if the thread has been cancelled meanwhile: nothing is lost.
 *
 * Cancellation belongs to calls, and threads stand above them. They provide what is only named here: each thread's
 * `__hermit_self`, which points to its word of CANCEL_* bits, and `__hermit_cancel_self`, which ends the thread.
 */
#ifndef HERMIT_CANCEL_H
#define HERMIT_CANCEL_H

/* Bits of a thread's word: to be cancelled now if only CANCEL_REQUESTED, or with CANCEL_ASYNCHRONOUS, is set. */
#define CANCEL_REQUESTED    1
#define CANCEL_DISABLED     2
#define CANCEL_EXITING      4
#define CANCEL_ASYNCHRONOUS 8
#define CANCEL_DEFER_MASK   (CANCEL_REQUESTED | CANCEL_DISABLED | CANCEL_EXITING)

/* The signal by which a thread is cancelled, as in glibc; programs can neither block nor handle it. */
#define SIGNAL_CANCEL 32

#ifndef __ASSEMBLER__
/* cancellable.S: at most six arguments, which are integers and pointers. */
extern long __hermit_cancellable(void *function, ...);
#define CANCELLABLE(function, ...) \
	((__typeof__(function(__VA_ARGS__))) __hermit_cancellable((void *) (function), __VA_ARGS__))
#endif

#endif
