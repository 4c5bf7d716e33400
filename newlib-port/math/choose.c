/* One function of libm, compiled twice (xtask/src/steps/libc/core_math.rs): FUNCTION_fma where the CPU multiplies and adds in one
 * step, which is what the function is made for, FUNCTION_plain elsewhere. Both have the same results.
 */
#include <hermit/syscall.h>

#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define FMA JOINED(JOINED(__hermit_, FUNCTION), _fma)
#define PLAIN JOINED(JOINED(__hermit_, FUNCTION), _plain)

extern uint32_t __hermit_cpu;

#ifdef ONE
#define RESULT     TYPE
#define PARAMETERS TYPE x
#define ARGUMENTS  x
#endif
#ifdef TWO
#define RESULT     TYPE
#define PARAMETERS TYPE x, TYPE y
#define ARGUMENTS  x, y
#endif
#ifdef TWO_RESULTS
#define RESULT     void
#define PARAMETERS TYPE x, TYPE *sine, TYPE *cosine
#define ARGUMENTS  x, sine, cosine
#endif

extern RESULT FMA(PARAMETERS), PLAIN(PARAMETERS);

RESULT FUNCTION(PARAMETERS)
{
	return __hermit_cpu & HERMIT_CPU_FMA ? FMA(ARGUMENTS) : PLAIN(ARGUMENTS);
}
