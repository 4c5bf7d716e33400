//# compare: none
//# status: 125
//# mem: 64M
//# isles: qemu
//# stderr-contains: HERMIT_MEM
/* An image that does not fit into HERMIT_MEM is refused by the proxy, with a reason. */
static unsigned char zeros[100 << 20];

int main(void)
{
	for (unsigned long i = 0; i < sizeof zeros; i += 4096)
		((volatile unsigned char *)zeros)[i] = 1;
	return 0;
}
