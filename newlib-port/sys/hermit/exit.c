/* exit(3): as newlib's, but first the destructors of the thread's thread_local objects, as in glibc. */
#include <reent.h>
#include <stdlib.h>
#include <unistd.h>

#include "hermit_libc.h"

/* newlib's list of atexit and on_exit. */
extern void __call_exitprocs(int status, void *image);

/* pthread-embedded's thread_exit.c, if there are any. */
extern void __hermit_run_tls_destructors(void) WEAK;

void exit(int status)
{
	if (__hermit_run_tls_destructors != NULL)
		__hermit_run_tls_destructors();
	__call_exitprocs(status, NULL);
	if (_GLOBAL_REENT->__cleanup != NULL)
		_GLOBAL_REENT->__cleanup(_GLOBAL_REENT);
	_exit(status);
}
