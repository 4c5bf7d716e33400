//# cpus: 1
//# cflags: -fno-builtin
//# stdout: every function keeps to its bytes\n
//# timeout-s: 300
/* Functions on memory and strings at every length and alignment, next to pages that cannot be touched, in every way that they have. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

enum { PAGE = 4096, LENGTHS = 1100, ALIGNMENTS = 64 };

/* Two pages, with inaccessible ones before and behind. */
static unsigned char *arena(void)
{
	unsigned char *pages = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED || mprotect(pages, PAGE, PROT_NONE) != 0 || mprotect(pages + 3 * PAGE, PAGE, PROT_NONE) != 0)
		exit(3);
	return pages + PAGE;
}

static unsigned char *source, *target, *mirror;

static void fail(const char *what, size_t len, size_t from, size_t to)
{
	printf("%s: wrong with length %zu, source %zu, target %zu\n", what, len, from, to);
	exit(1);
}

static void check(int right, const char *what, size_t len, size_t from, size_t to)
{
	if (!right)
		fail(what, len, from, to);
}

static unsigned char numbered(size_t i, unsigned int seed)
{
	return (unsigned char) (1 + (i * 7 + i / 251 + seed) % 255);
}

static void number(unsigned char *bytes, size_t len, unsigned int seed)
{
	for (size_t i = 0; i < len; ++i)
		bytes[i] = numbered(i, seed);
}

/* Whether these are the bytes that `number` has written from its `from`th on. */
static int are_numbered(const unsigned char *bytes, size_t len, size_t from, unsigned int seed)
{
	for (size_t i = 0; i < len; ++i)
		if (bytes[i] != numbered(from + i, seed))
			return 0;
	return 1;
}

/* Without any function under test. */
static int same(const unsigned char *a, const unsigned char *b, size_t len)
{
	for (size_t i = 0; i < len; ++i)
		if (a[i] != b[i])
			return 0;
	return 1;
}

/* How far around what a function writes its neighbours are looked at: more than its widest vectors reach. */
enum { AROUND = 600 };

/* `len` bytes from `to` on with their surroundings, as far as the pages reach. */
struct window {
	size_t first, len;
};

static struct window around(size_t to, size_t len)
{
	size_t first = to > AROUND ? to - AROUND : 0, end = to + len + AROUND;
	return (struct window){ first, (end < 2 * PAGE ? end : 2 * PAGE) - first };
}

static void number_window(unsigned char *pages, struct window window, unsigned int seed)
{
	number(pages + window.first, window.len, seed);
}

static int same_window(struct window window)
{
	return same(target + window.first, mirror + window.first, window.len);
}

static void try_copy(size_t len, size_t from, size_t to)
{
	struct window window = around(to, len);
	number(source + from, len, 1);
	number_window(target, window, 100);
	number_window(mirror, window, 100);
	for (size_t i = 0; i < len; ++i)
		mirror[to + i] = source[from + i];
	check(memcpy(target + to, source + from, len) == target + to, "memcpy's result", len, from, to);
	check(same_window(window), "memcpy", len, from, to);
}

/* Inside of one array, forwards and backwards. */
static void try_move(size_t len, size_t from, size_t to)
{
	size_t lower = from < to ? from : to, upper = from < to ? to : from;
	struct window window = around(lower, upper - lower + len);
	number_window(target, window, 3);
	number_window(mirror, window, 3);
	for (size_t i = 0; i < len; ++i)
		source[i] = target[from + i];
	for (size_t i = 0; i < len; ++i)
		mirror[to + i] = source[i];
	check(memmove(target + to, target + from, len) == target + to, "memmove's result", len, from, to);
	check(same_window(window), "memmove", len, from, to);
}

static void try_set(size_t len, size_t to)
{
	struct window window = around(to, len);
	number_window(target, window, 5);
	number_window(mirror, window, 5);
	for (size_t i = 0; i < len; ++i)
		mirror[to + i] = 0xa5;
	check(memset(target + to, 0x7a5, len) == target + to, "memset's result", len, 0, to);
	check(same_window(window), "memset", len, 0, to);
}

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

/* Blocks that end where nothing more can be read, different in one byte or not at all. */
static void try_compare(size_t len, size_t other)
{
	unsigned char *a = source + 2 * PAGE - len, *b = target + 2 * PAGE - len - other;
	number(a, len, 9);
	number(b, len, 9);
	check(memcmp(a, b, len) == 0 && bcmp(a, b, len) == 0, "memcmp of equals", len, 0, other);
	for (size_t at = 0; at < len; at += 1 + at / 8) {
		unsigned char before = b[at];
		b[at] = before ^ 0x80;
		int expected = sign(a[at] - b[at]);
		check(sign(memcmp(a, b, len)) == expected, "memcmp", len, at, other);
		check(sign(memcmp(b, a, len)) == -expected, "memcmp the other way round", len, at, other);
		check(sign(strncmp((char *) a, (char *) b, len)) == expected, "strncmp", len, at, other);
		b[at] = before;
	}
	check(strncmp((char *) a, (char *) b, len) == 0, "strncmp of equals", len, 0, other);
}

/* A string that ends right before the forbidden page, at `len` bytes from its beginning. */
static void try_string(size_t len, size_t other)
{
	char *string = (char *) source + 2 * PAGE - len - 1, *copy = (char *) target + other;
	number((unsigned char *) string, len, 11);
	string[len] = '\0';
	check(strlen(string) == len, "strlen", len, 0, 0);
	check(strnlen(string, len + 100) == len && strnlen(string, len) == len, "strnlen", len, 0, 0);
	check(strnlen(string, len / 2) == len / 2, "strnlen, limited", len, 0, 0);
	check(strchr(string, '\0') == string + len, "strchr of the end", len, 0, 0);
	check(memchr(string, '\0', len + 1) == string + len, "memchr", len, 0, 0);
	check(memchr(string, '\0', len) == NULL, "memchr of nothing", len, 0, 0);
	check(strnlen(string, (size_t) -1) == len && strnlen(string, (size_t) -2) == len, "strnlen without a limit", len, 0, 0);
	check(memchr(string, '\0', (size_t) -2) == string + len, "memchr without a limit", len, 0, 0);
	number(target, other + len + 64, 13);
	check(stpcpy(copy, string) == copy + len, "stpcpy's result", len, 0, other);
	check(strcmp(copy, string) == 0, "stpcpy", len, 0, other);
	check(same((unsigned char *) copy, (unsigned char *) string, len + 1), "stpcpy's bytes", len, 0, other);
	for (size_t at = 0; at < len; at += 1 + at / 4) {
		char before = string[at];
		memset(string, 'a', len);
		memset(copy, 'a', len);
		string[at] = 'b';
		check(strchr(string, 'b') == string + at, "strchr", len, at, other);
		check(strrchr(string, 'b') == string + at, "strrchr", len, at, other);
		check(strchrnul(string, 'c') == string + len, "strchrnul", len, at, other);
		check(strchr(string, 'c') == NULL && strrchr(string, 'c') == NULL, "strchr of nothing", len, at, other);
		check(memrchr(string, 'b', len) == string + at, "memrchr", len, at, other);
		check(memrchr(string, 'b', at) == NULL, "memrchr of nothing", len, at, other);
		check(memchr(string, 'b', at) == NULL, "memchr before it", len, at, other);
		check(sign(strcmp(string, copy)) == 1 && sign(strcmp(copy, string)) == -1, "strcmp", len, at, other);
		check(strncmp(string, copy, at) == 0, "strncmp of equal beginnings", len, at, other);
		check(strcspn(string, "b") == at && strcspn(string, "xyzwvub") == at && strcspn(string, "xyzwvutsrqb") == at, "strcspn", len, at, other);
		check(strcspn(string, "c") == len && strcspn(string, "") == len, "strcspn of nothing", len, at, other);
		check(strspn(string, "a") == at && strspn(string, "zyxwvuta") == at && strspn(string, "") == 0, "strspn", len, at, other);
		check(strspn(string, "ab") == len && strspn(string, "xyzwvuab") == len, "strspn of all", len, at, other);
		check(strpbrk(string, "zb") == string + at && strpbrk(string, "z") == NULL, "strpbrk", len, at, other);
		check(strstr(string, at + 1 < len ? "ba" : "b") == string + at, "strstr", len, at, other);
		check(strstr(string, "bb") == NULL && strstr(string, "c") == NULL && strstr(string, "") == string, "strstr of nothing", len, at, other);
		check(strstr(string, string + at / 2) == string + at / 2, "strstr of its end", len, at, other);
		memset(string, 'b', at + 1);
		check(strchr(string, 'b') == string && strrchr(string, 'b') == string + at, "strrchr of many", len, at, other);
		check(memrchr(string, 'b', len) == string + at, "memrchr of many", len, at, other);
		check(memchr(string, 'b', len) == string, "memchr of many", len, at, other);
		string[at] = before;
	}
}

static void try_joining(void)
{
	char buffer[64] = "abc";
	check(strcmp(strcat(buffer, "defghijklmnopqrstuvwxyz"), "abcdefghijklmnopqrstuvwxyz") == 0, "strcat", 0, 0, 0);
	check(strcmp(strncat(buffer, "0123456789", 4), "abcdefghijklmnopqrstuvwxyz0123") == 0, "strncat", 4, 0, 0);
	check(strcmp(strncat(buffer, "xy", 40), "abcdefghijklmnopqrstuvwxyz0123xy") == 0, "strncat", 40, 0, 0);
	check((char *) mempcpy(buffer, "12", 2) == buffer + 2, "mempcpy", 2, 0, 0);
}

/* Sizes that leave the short ways: loops, the CPU's own fill, stores past the caches. */
static void try_large(size_t len)
{
	unsigned char *a = malloc(len + 256), *b = malloc(len + 256);
	if (a == NULL || b == NULL)
		exit(4);
	for (size_t shift = 0; shift < 3; ++shift) {
		size_t from = 5 * shift, to = 63 - shift;
		number(a, len + 256, 17);
		memset(b, 0, len + 256);
		memcpy(b + to, a + from, len);
		check(are_numbered(b + to, len, from, 17), "large memcpy", len, from, to);
		check(b[to - 1] == 0 && b[to + len] == 0, "large memcpy's edges", len, from, to);
		memmove(a + 100 + shift, a + 3, len);
		check(are_numbered(a + 100 + shift, len, 3, 17), "large memmove upwards", len, 3, 100 + shift);
		memmove(a + shift, a + 100 + shift, len);
		check(are_numbered(a + shift, len, 3, 17), "large memmove downwards", len, 100 + shift, shift);
		memset(b + shift, 9, len);
		check(b[shift] == 9 && b[shift + len - 1] == 9 && b[shift + len] != 9, "large memset", len, 0, shift);
	}
	free(a);
	free(b);
}

static void try_all(void)
{
	for (size_t len = 0; len < LENGTHS; len += len < 300 ? 1 : 1 + len % 13) {
		size_t step = len < 140 ? 1 : 7;
		for (size_t at = 0; at < ALIGNMENTS; at += step) {
			try_copy(len, 2 * PAGE - len, at);
			try_copy(len, at, 2 * PAGE - len);
			try_move(len, at, 40);
			try_set(len, at);
			try_compare(len, at);
			try_string(len, at);
		}
		try_set(len, 2 * PAGE - len);
		try_move(len, 0, 2 * PAGE - len);
		for (size_t shift = 0; shift < 520; shift += 1 + shift / 4) {
			try_move(len, 600, 600 + shift);
			try_move(len, 600, 600 - shift);
		}
	}
	try_joining();
	for (size_t len = 2000; len <= 40 << 20; len = len * 5 / 2 + 1)
		try_large(len);
}

#ifdef __hermit__
/* What the library chooses its ways by: HERMIT_CPU_* of <hermit/syscall.h>. */
extern unsigned int __hermit_cpu;

static void try_all_cpus(void)
{
	unsigned int all = __hermit_cpu;
	static const unsigned int less[] = { 0, 2, 2 + 4, 1 + 2 + 4 };
	for (int i = 0; i < 4; ++i) {
		__hermit_cpu = all & ~less[i];
		try_all();
	}
}
#else
#define try_all_cpus try_all
#endif

int main(void)
{
	source = arena();
	target = arena();
	mirror = arena();
	try_all_cpus();
	puts("every function keeps to its bytes");
	return 0;
}
