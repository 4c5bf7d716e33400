//# compare: none
//# isles: uhyve qemu
//# status: 134
//# stderr-contains: triple fault
/* In a virtual machine a program has the CPU for itself, and can make it useless: the proxy says so and ends. */
#include <stdint.h>

int main(void)
{
	static const uint8_t nowhere[10];
	__asm__ volatile("lidt %0; int3" : : "m"(nowhere));
	return 0;
}
