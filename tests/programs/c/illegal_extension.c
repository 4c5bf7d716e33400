//# status: 132
//# stderr-contains: illegal instruction (FMA4, which the isle's CPU lacks) in the main thread
/* An instruction of an extension that CPUs have no more (AMD's Bulldozer had it) ends the program, and the report names the extension. */
#include <stdio.h>

int main(void)
{
	puts("before");
	fflush(stdout);
	/* vfmaddpd %xmm3,%xmm2,%xmm1,%xmm0 */
	__asm__ volatile(".byte 0xc4, 0xe3, 0xf1, 0x69, 0xc2, 0x30" ::: "xmm0");
	return 0;
}
