/* One function of libm, compiled twice (xtask/src/steps/libc/fused.rs): FUNCTION_fma where the CPU multiplies and adds in one step,
 * which is what the function is made for, FUNCTION_plain elsewhere.
 */
#include <hermit/syscall.h>

#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define FMA JOINED(JOINED(__hermit_, FUNCTION), _fma)
#define PLAIN JOINED(JOINED(__hermit_, FUNCTION), _plain)

extern uint32_t __hermit_cpu;

#if ARGUMENTS == 2
extern TYPE FMA(TYPE x, TYPE y), PLAIN(TYPE x, TYPE y);

TYPE FUNCTION(TYPE x, TYPE y)
{
	return __hermit_cpu & HERMIT_CPU_FMA ? FMA(x, y) : PLAIN(x, y);
}
#else
extern TYPE FMA(TYPE x), PLAIN(TYPE x);

TYPE FUNCTION(TYPE x)
{
	return __hermit_cpu & HERMIT_CPU_FMA ? FMA(x) : PLAIN(x);
}
#endif
