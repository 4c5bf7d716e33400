/* Filling more than eight vectors, once for each width of vectors: set_long.c says which, move_long.h how. */
#define WIDTH sizeof(VECTOR)

TARGET static inline void NAMED(fill)(char *to, VECTOR every, int byte, size_t len)
{
	if (len >= REP_STOS_MIN_BYTES && (__hermit_cpu & HERMIT_CPU_ERMS)) {
		__asm__ volatile("rep stosb" : "+D"(to), "+c"(len) : "a"(byte) : "memory");
		return;
	}
	char *end = to + len - 4 * WIDTH;
	STORE(to, every);
	to = (char *) (((uintptr_t) to + WIDTH) & -WIDTH);
	do {
		STORE(to, every);
		STORE(to + WIDTH, every);
		STORE(to + 2 * WIDTH, every);
		STORE(to + 3 * WIDTH, every);
		to += 4 * WIDTH;
	} while (to < end);
	STORE(end, every);
	STORE(end + WIDTH, every);
	STORE(end + 2 * WIDTH, every);
	STORE(end + 3 * WIDTH, every);
}

#undef WIDTH
#undef VECTOR
#undef STORE
#undef TARGET
#undef NAMED
