/* exit(3): as newlib's, but first the destructors of the thread's thread_local objects, as in glibc; and files that were read
 * in part are left where the program stopped reading, as POSIX says and whoever reads on expects: (./a; ./b) <deck. */
#include <reent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "hermit_libc.h"

/* newlib's list of atexit and on_exit. */
extern void __call_exitprocs(int status, void *image);

/* pthread-embedded's thread_exit.c, if there are any. */
extern void __hermit_run_tls_destructors(void) WEAK;

/* newlib's fflush without a lock, which for a stream that is read goes back to what was not read yet, where it can. */
extern int __sflush_r(struct _reent *reent, FILE *stream);
extern int _fwalk(struct _reent *reent, int (*function)(FILE *));

/* Who holds the lock may be waiting for input, and has the last word on the position. */
static int leave_position(FILE *stream)
{
	if ((stream->_flags & __SRD) && (stream->_r > 0 || stream->_ub._base != NULL) && ftrylockfile(stream) == 0) {
		__sflush_r(_GLOBAL_REENT, stream);
		funlockfile(stream);
	}
	return 0;
}

void exit(int status)
{
	if (__hermit_run_tls_destructors != NULL)
		__hermit_run_tls_destructors();
	__call_exitprocs(status, NULL);
	if (_GLOBAL_REENT->__cleanup != NULL) {
		_GLOBAL_REENT->__cleanup(_GLOBAL_REENT);
		_fwalk(_GLOBAL_REENT, leave_position);
	}
	_exit(status);
}
