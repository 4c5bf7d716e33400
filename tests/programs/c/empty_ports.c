//# compare: none
//# isles: uhyve qemu
//# stdout: 255 65535 4294967295\n255\n
/* Where no device is plugged in, a virtual machine reads all ones, as on a PC: a driver sees that nothing is there. */
#include <stdint.h>
#include <stdio.h>

/* Nobody's, in any PC. */
enum { PORT = 0x2f70 };

int main(void)
{
	uint8_t byte;
	uint16_t word;
	uint32_t both;
	__asm__ volatile("inb %1, %0" : "=a"(byte) : "Nd"((uint16_t)PORT));
	__asm__ volatile("inw %1, %0" : "=a"(word) : "Nd"((uint16_t)PORT));
	__asm__ volatile("inl %1, %0" : "=a"(both) : "Nd"((uint16_t)PORT));
	printf("%u %u %u\n", byte, word, both);
	__asm__ volatile("outb %0, %1" : : "a"((uint8_t)0), "Nd"((uint16_t)PORT));
	__asm__ volatile("inb %1, %0" : "=a"(byte) : "Nd"((uint16_t)PORT));
	printf("%u\n", byte);
	return 0;
}
