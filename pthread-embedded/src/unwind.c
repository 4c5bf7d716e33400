/* The way out of a thread that is cancelled or calls pthread_exit: up its stack, frame by frame, so that C++ destroys the
 * objects there, as with glibc.
 *
 * The unwinder is the host compiler's (libgcc_eh). A program that has anything to destroy refers to it, hence the weak
 * reference: one of plain C is not made to carry it, and has only its cleanup handlers, a list.
 */
#include <stdlib.h>
#include <unistd.h>

#include "hermit_libc.h"
#include "thread.h"

extern _Unwind_Reason_Code _Unwind_ForcedUnwind(struct _Unwind_Exception *, _Unwind_Stop_Fn, void *) WEAK;

/* crt0.c: what calls main. */
extern void runtime_entry(int argc, char **argv, char **environment);

/* Called for every frame before it is left: runs the handlers that the frames below it have pushed. */
static _Unwind_Reason_Code step(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
                                struct _Unwind_Exception *exception, struct _Unwind_Context *context, void *argument)
{
	struct thread *self = argument;
	uintptr_t frame = _Unwind_GetCFA(context);
	uintptr_t function = _Unwind_GetRegionStart(context);
	(void) version;
	(void) class;
	(void) exception;
	while (self->cleanup != NULL && (uintptr_t) self->cleanup < frame)
		__hermit_cleanup_pop(self->cleanup, 1);
	if (actions & _UA_END_OF_STACK || function == (uintptr_t) __hermit_run || function == (uintptr_t) runtime_entry)
		__hermit_finish(self);
	return _URC_NO_REASON;
}

/* A catch (...) has swallowed it. */
static void not_rethrown(_Unwind_Reason_Code reason, struct _Unwind_Exception *exception)
{
	static const char text[] = "FATAL: exception not rethrown\n"; /* glibc's words */
	(void) reason;
	(void) exception;
	sys_write(STDERR_FILENO, text, sizeof(text) - 1);
	abort();
}

void __hermit_unwind(struct thread *self)
{
	if (_Unwind_ForcedUnwind != NULL) {
		self->unwinding.exception_class = 0; /* nobody's */
		self->unwinding.exception_cleanup = not_rethrown;
		_Unwind_ForcedUnwind(&self->unwinding, step, self);
		/* It cannot read the stack: what is in the list runs all the same. */
	}
	__hermit_finish(self);
}
