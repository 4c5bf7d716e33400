/* Many small allocations of changing sizes: content is kept, alignment is right, calloc is zero, realloc copies. */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2000, ROUNDS = 200000 };

int main(void)
{
	static unsigned char *slots[SLOTS];
	static size_t sizes[SLOTS];
	unsigned state = 7;
	for (int i = 0; i < ROUNDS; i++) {
		state = state * 1664525u + 1013904223u;
		unsigned slot = (state >> 8) % SLOTS, size = (state >> 16) % 3000 + 1;
		if (slots[slot] && (slots[slot][0] != (slot & 255) || slots[slot][sizes[slot] - 1] != (slot & 255)))
			return 1;
		if (state & 64) {
			free(slots[slot]);
			slots[slot] = malloc(size);
		} else {
			slots[slot] = realloc(slots[slot], size);
			if (slots[slot] && sizes[slot] && slots[slot][0] != (slot & 255))
				return 2;
		}
		if (!slots[slot] || (uintptr_t)slots[slot] % (size < 16 ? 8 : 16))
			return 3;
		memset(slots[slot], slot & 255, size);
		sizes[slot] = size;
	}
	for (int i = 0; i < 100; i++) {
		unsigned char *zero = calloc(i + 1, 100);
		for (int k = 0; k < (i + 1) * 100; k++)
			if (zero[k])
				return 4;
		memset(zero, 1, (i + 1) * 100);
		free(zero);
	}
	for (size_t align = 16; align <= 1 << 21; align *= 2) {
		void *aligned = NULL;
		if (posix_memalign(&aligned, align, 100) || (uintptr_t)aligned % align)
			return 5;
		memset(aligned, 1, 100);
		free(aligned);
		aligned = aligned_alloc(align, align);
		if (!aligned || (uintptr_t)aligned % align)
			return 6;
		free(aligned);
	}
	free(NULL);
	printf("usable %d, overflow %s\n", malloc_usable_size(slots[1] ? slots[1] : (slots[1] = malloc(5))) >= 1,
	       calloc((size_t)-1 / 4, 8) ? "?" : "NULL");
	puts("ok");
	return 0;
}
