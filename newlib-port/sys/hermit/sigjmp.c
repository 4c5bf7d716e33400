/* The signal mask across sigsetjmp and siglongjmp: <machine/setjmp.h>. */
#include <setjmp.h>
#include <signal.h>

int __hermit_save_mask(sigjmp_buf env, int savemask)
{
	env[_SAVEMASK] = savemask != 0;
	if (savemask)
		sigprocmask(SIG_SETMASK, NULL, (sigset_t *) &env[_SIGMASK]);
	return 0;
}

void siglongjmp(sigjmp_buf env, int value)
{
	if (env[_SAVEMASK])
		sigprocmask(SIG_SETMASK, (const sigset_t *) &env[_SIGMASK], NULL);
	longjmp(env, value);
}
