/* Moving more than eight vectors, once for each width of vectors: move_long.c says which.
 *
 * VECTOR is the type, LOAD, STORE and STREAM what is done with it at any address (STREAM: at an aligned one), TARGET what the
 * CPU must have, NAMED makes the names.
 */
#define WIDTH sizeof(VECTOR)

/* Four vectors a turn, from the beginning: for targets below the source, or apart from it. */
TARGET static inline void NAMED(forwards)(char *to, const char *from, size_t len)
{
	VECTOR first = LOAD(from);
	VECTOR end0 = LOAD(from + len - 4 * WIDTH), end1 = LOAD(from + len - 3 * WIDTH);
	VECTOR end2 = LOAD(from + len - 2 * WIDTH), end3 = LOAD(from + len - WIDTH);
	char *start = to, *end = to + len - 4 * WIDTH;
	size_t ahead = WIDTH - ((uintptr_t) to & (WIDTH - 1));
	to += ahead;
	from += ahead;
	do {
		VECTOR a = LOAD(from), b = LOAD(from + WIDTH), c = LOAD(from + 2 * WIDTH), d = LOAD(from + 3 * WIDTH);
		STORE(to, a);
		STORE(to + WIDTH, b);
		STORE(to + 2 * WIDTH, c);
		STORE(to + 3 * WIDTH, d);
		to += 4 * WIDTH;
		from += 4 * WIDTH;
	} while (to < end);
	STORE(start, first);
	STORE(end, end0);
	STORE(end + WIDTH, end1);
	STORE(end + 2 * WIDTH, end2);
	STORE(end + 3 * WIDTH, end3);
}

/* Four vectors a turn, from the end: for targets that begin inside of the source. */
TARGET static inline void NAMED(backwards)(char *to, const char *from, size_t len)
{
	VECTOR last = LOAD(from + len - WIDTH);
	VECTOR start0 = LOAD(from), start1 = LOAD(from + WIDTH), start2 = LOAD(from + 2 * WIDTH), start3 = LOAD(from + 3 * WIDTH);
	char *to_end = to + len, *at = (char *) ((uintptr_t) (to_end - 1) & -WIDTH);
	from += at - to;
	do {
		at -= 4 * WIDTH;
		from -= 4 * WIDTH;
		VECTOR a = LOAD(from), b = LOAD(from + WIDTH), c = LOAD(from + 2 * WIDTH), d = LOAD(from + 3 * WIDTH);
		STORE(at + 3 * WIDTH, d);
		STORE(at + 2 * WIDTH, c);
		STORE(at + WIDTH, b);
		STORE(at, a);
	} while (at > to + 4 * WIDTH);
	STORE(to_end - WIDTH, last);
	STORE(to, start0);
	STORE(to + WIDTH, start1);
	STORE(to + 2 * WIDTH, start2);
	STORE(to + 3 * WIDTH, start3);
}

/* Four vectors a turn past the caches. Source and target lie apart. */
TARGET static inline void NAMED(stream)(char *to, const char *from, size_t len)
{
	char *end = to + len - 4 * WIDTH;
	const char *from_end = from + len - 4 * WIDTH;
	size_t ahead = WIDTH - ((uintptr_t) to & (WIDTH - 1));
	STORE(to, LOAD(from));
	for (to += ahead, from += ahead; to < end; to += 4 * WIDTH, from += 4 * WIDTH) {
		for (size_t line = 0; line < 4 * WIDTH; line += 64)
			_mm_prefetch(from + STREAM_AHEAD_BYTES + line, _MM_HINT_T0);
		VECTOR a = LOAD(from), b = LOAD(from + WIDTH), c = LOAD(from + 2 * WIDTH), d = LOAD(from + 3 * WIDTH);
		STREAM(to, a);
		STREAM(to + WIDTH, b);
		STREAM(to + 2 * WIDTH, c);
		STREAM(to + 3 * WIDTH, d);
	}
	_mm_sfence();
	STORE(end, LOAD(from_end));
	STORE(end + WIDTH, LOAD(from_end + WIDTH));
	STORE(end + 2 * WIDTH, LOAD(from_end + 2 * WIDTH));
	STORE(end + 3 * WIDTH, LOAD(from_end + 3 * WIDTH));
}

/* More than eight vectors. */
TARGET static inline void NAMED(loop)(char *to, const char *from, size_t len)
{
	if ((size_t) (to - from) < len)
		NAMED(backwards)(to, from, len);
	else if (len >= STREAM_MIN_BYTES && (size_t) (from - to) >= len)
		NAMED(stream)(to, from, len);
	else
		NAMED(forwards)(to, from, len);
}

#undef WIDTH
#undef VECTOR
#undef LOAD
#undef STORE
#undef STREAM
#undef TARGET
#undef NAMED
