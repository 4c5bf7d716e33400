//# requires: cpu:amx_tile
//# status: 132
//# stderr-contains: illegal instruction (AMX, which the isle's CPU lacks) in the main thread
/* AMX's registers are there for who asks Linux for them. Who does not is ended by SIGILL, whatever exception Linux makes that of; no isle asks. */
#include <stdio.h>

int main(void)
{
	static char row[64], config[64] = {[0] = 1, [16] = 64, [48] = 1};
	puts("before");
	fflush(stdout);
	__asm__ volatile("ldtilecfg %0" ::"m"(config));
	__asm__ volatile("tileloadd (%0,%1,1), %%tmm0" ::"r"(row), "r"(64L));
	puts("loaded");
	return 0;
}
