//# compare: none
//# isles: uhyve
//# status: 134
//# stderr-contains: KVM cannot emulate the instruction
//# stderr-contains: rip
//# stderr-contains: jump_beyond
/* A program that maps physical memory which is not there, and jumps to it: KVM gives up, and the proxy tells where. */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

enum { PRESENT = 1, WRITABLE = 2, LARGE = 1 << 7 };
/* Between RAM and the APICs (proxy/src/isle/ram.rs). */
static const uint64_t nowhere = 0xd0000000;
static const uint64_t address_bits = 0x000ffffffffff000;

/* The entry of the smallest page around an address; tables lie at their physical addresses. */
static uint64_t *entry_of(uint64_t address)
{
	uint64_t table, *entry;
	__asm__ volatile("mov %%cr3, %0" : "=r"(table));
	for (int shift = 39;; shift -= 9) {
		entry = (uint64_t *)(table & address_bits) + (address >> shift & 511);
		if (shift == 12 || (*entry & LARGE))
			return entry;
		table = *entry;
	}
}

__attribute__((noinline)) void jump_beyond(void *page)
{
	((void (*)(void))page)();
	puts("came back");
}

int main(void)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*page = 1;
	mprotect(page + 4096, 4096, PROT_NONE); /* so that the first page has an entry of its own */
	uint64_t *entry = entry_of((uint64_t)page);
	if (*entry & LARGE)
		return 1;
	__asm__ volatile("mov %%cr0, %%rax; and $~0x10000, %%rax; mov %%rax, %%cr0" : : : "rax", "memory");
	*entry = nowhere | PRESENT | WRITABLE;
	__asm__ volatile("invlpg (%0)" : : "r"(page) : "memory");
	jump_beyond(page);
	return 0;
}
