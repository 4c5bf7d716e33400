/* fma: one instruction where the CPU has it, musl's function elsewhere, with the same results. */
#include <hermit/syscall.h>
#include <math.h>

extern uint32_t __hermit_cpu;
extern double __hermit_bare_fma(double x, double y, double z);
extern float __hermit_bare_fmaf(float x, float y, float z);

double fma(double x, double y, double z)
{
	if (__hermit_cpu & HERMIT_CPU_FMA) {
		__asm__ volatile("vfmadd213sd %2, %1, %0" : "+x"(x) : "x"(y), "x"(z));
		return x;
	}
	/* musl's adds 0 to a product that is too small, and loses its sign. */
	return z == 0 && x != 0 && y != 0 ? x * y : __hermit_bare_fma(x, y, z);
}

float fmaf(float x, float y, float z)
{
	if (__hermit_cpu & HERMIT_CPU_FMA) {
		__asm__ volatile("vfmadd213ss %2, %1, %0" : "+x"(x) : "x"(y), "x"(z));
		return x;
	}
	return z == 0 && x != 0 && y != 0 ? x * y : __hermit_bare_fmaf(x, y, z);
}
