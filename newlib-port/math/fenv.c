/* <fenv.h>: the state of the SSE unit, which computes float and double, and of the x87, which computes long double. Both have the
 * same flags in the same places; MXCSR has its masks 7 bits higher, its direction of rounding 3 bits higher (Intel SDM, volume 1,
 * 8.1 and 10.2.3).
 */
#include <fenv.h>
#include <stdint.h>

enum { MASKS_IN_MXCSR = 7, ROUNDING_IN_MXCSR = 3, ROUNDING = 0xc00, DENORMAL = 0x2 };
enum { DEFAULT_CONTROL_WORD = 0x37f, DEFAULT_MXCSR = 0x1f80 };

static uint32_t mxcsr(void)
{
	uint32_t value;
	__asm__ volatile("stmxcsr %0" : "=m"(value));
	return value;
}

static void set_mxcsr(uint32_t value)
{
	__asm__ volatile("ldmxcsr %0" : : "m"(value));
}

static uint16_t control_word(void)
{
	uint16_t value;
	__asm__ volatile("fnstcw %0" : "=m"(value));
	return value;
}

static void set_control_word(uint16_t value)
{
	__asm__ volatile("fldcw %0" : : "m"(value));
}

static uint16_t status_word(void)
{
	uint16_t value;
	__asm__ volatile("fnstsw %0" : "=a"(value));
	return value;
}

/* The x87's environment, of which the status can be set only as a whole. */
static void set_status_word(unsigned clear, unsigned set)
{
	fenv_t environment;
	__asm__ volatile("fnstenv %0" : "=m"(environment._fpu));
	environment._fpu._fpu_sw = (environment._fpu._fpu_sw & ~clear) | set;
	__asm__ volatile("fldenv %0" : : "m"(environment._fpu));
}

int feclearexcept(int exceptions)
{
	exceptions &= FE_ALL_EXCEPT;
	if (status_word() & exceptions)
		set_status_word(exceptions, 0);
	set_mxcsr(mxcsr() & ~exceptions);
	return 0;
}

int fetestexcept(int exceptions)
{
	return (mxcsr() | status_word()) & exceptions & FE_ALL_EXCEPT;
}

int fegetexceptflag(fexcept_t *flags, int exceptions)
{
	*flags = fetestexcept(exceptions);
	return 0;
}

int fetestexceptflag(const fexcept_t *flags, int exceptions)
{
	return *flags & exceptions & FE_ALL_EXCEPT;
}

/* Sets flags without raising the exceptions. */
int fesetexceptflag(const fexcept_t *flags, int exceptions)
{
	exceptions &= FE_ALL_EXCEPT;
	unsigned wanted = *flags & exceptions;
	if (status_word() & exceptions & ~wanted)
		set_status_word(exceptions & ~wanted, 0);
	set_mxcsr((mxcsr() & ~exceptions) | wanted);
	return 0;
}

int fesetexcept(int exceptions)
{
	set_mxcsr(mxcsr() | (exceptions & FE_ALL_EXCEPT));
	return 0;
}

/* Raises them one by one, so that those that trap do: invalid operations and divisions by 0 by the operation, the others, which
 * no single SSE instruction raises alone, in the x87's flags, where the next instruction notices. */
int feraiseexcept(int exceptions)
{
	if (exceptions & FE_INVALID) {
		double zero = 0;
		__asm__ volatile("divsd %0, %0" : "+x"(zero));
	}
	if (exceptions & FE_DIVBYZERO) {
		double one = 1, zero = 0;
		__asm__ volatile("divsd %1, %0" : "+x"(one) : "x"(zero));
	}
	unsigned others = exceptions & (FE_OVERFLOW | FE_UNDERFLOW | FE_INEXACT);
	unsigned trapping = others & ~control_word();
	if (trapping) {
		set_status_word(0, trapping);
		__asm__ volatile("fwait");
	}
	if (others)
		set_mxcsr(mxcsr() | others);
	return 0;
}

int fegetround(void)
{
	return control_word() & ROUNDING;
}

int fesetround(int direction)
{
	if (direction & ~ROUNDING)
		return 1;
	set_control_word((control_word() & ~ROUNDING) | direction);
	set_mxcsr((mxcsr() & ~(ROUNDING << ROUNDING_IN_MXCSR)) | (uint32_t)direction << ROUNDING_IN_MXCSR);
	return 0;
}

int fegetenv(fenv_t *environment)
{
	__asm__ volatile("fnstenv %0" : "=m"(environment->_fpu));
	/* FNSTENV masks all exceptions. */
	__asm__ volatile("fldenv %0" : : "m"(environment->_fpu));
	environment->_sse_mxcsr = mxcsr();
	return 0;
}

int feholdexcept(fenv_t *environment)
{
	fegetenv(environment);
	__asm__ volatile("fnclex");
	set_control_word(control_word() | FE_ALL_EXCEPT);
	uint32_t value = mxcsr() & ~(FE_ALL_EXCEPT | DENORMAL);
	set_mxcsr(value | FE_ALL_EXCEPT << MASKS_IN_MXCSR);
	return 0;
}

int fesetenv(const fenv_t *environment)
{
	fenv_t state;
	if (environment != FE_DFL_ENV && environment != FE_NOMASK_ENV) {
		__asm__ volatile("fldenv %0" : : "m"(environment->_fpu));
		set_mxcsr(environment->_sse_mxcsr);
		return 0;
	}
	unsigned open = environment == FE_NOMASK_ENV ? FE_ALL_EXCEPT : 0;
	fegetenv(&state);
	state._fpu._fpu_cw = DEFAULT_CONTROL_WORD & ~open;
	state._fpu._fpu_sw &= ~(FE_ALL_EXCEPT | DENORMAL | 0x8080); /* and the summaries */
	__asm__ volatile("fldenv %0" : : "m"(state._fpu));
	set_mxcsr(DEFAULT_MXCSR & ~(open << MASKS_IN_MXCSR));
	return 0;
}

int feupdateenv(const fenv_t *environment)
{
	int raised = fetestexcept(FE_ALL_EXCEPT);
	fesetenv(environment);
	return feraiseexcept(raised);
}

/* C23: the modes without the flags. */
int fegetmode(femode_t *modes)
{
	modes->_control_word = control_word();
	modes->_mxcsr = mxcsr() & ~(FE_ALL_EXCEPT | DENORMAL);
	return 0;
}

int fesetmode(const femode_t *modes)
{
	uint16_t word = modes == FE_DFL_MODE ? DEFAULT_CONTROL_WORD : modes->_control_word;
	uint32_t value = modes == FE_DFL_MODE ? DEFAULT_MXCSR : modes->_mxcsr;
	set_control_word(word);
	set_mxcsr((mxcsr() & (FE_ALL_EXCEPT | DENORMAL)) | value);
	return 0;
}

int fegetexcept(void)
{
	return ~control_word() & FE_ALL_EXCEPT;
}

int feenableexcept(int exceptions)
{
	if (exceptions & ~FE_ALL_EXCEPT)
		return -1;
	int before = fegetexcept();
	set_control_word(control_word() & ~exceptions);
	set_mxcsr(mxcsr() & ~(exceptions << MASKS_IN_MXCSR));
	return before;
}

int fedisableexcept(int exceptions)
{
	if (exceptions & ~FE_ALL_EXCEPT)
		return -1;
	int before = fegetexcept();
	set_control_word(control_word() | exceptions);
	set_mxcsr(mxcsr() | exceptions << MASKS_IN_MXCSR);
	return before;
}
