//# cflags: -mcmodel=medium
//# mem: 8G
//# compare: none
//# isles: qemu
//# status: 125
//# stderr-contains: a virtual machine takes at most 2147483647; put large arrays on the heap
/* An image that QEMU does not take whatever RAM there is. */
static volatile char bytes[2500000000];

int main(void)
{
	return bytes[1];
}
