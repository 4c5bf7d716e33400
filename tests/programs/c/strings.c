/* The string functions of C and POSIX. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

int main(void)
{
	char text[64] = "hello", copy[64];
	printf("%zu %s %s\n", strlen(text), strcat(text, " world"), strncat(strcpy(copy, "ab"), "cdef", 2));
	printf("%d %d %d %d\n", sign(strcmp("a", "b")), sign(strncmp("abc", "abd", 2)), sign(memcmp("\xff", "\x01", 1)), sign(strcasecmp("ABC", "abd")));
	printf("%s %s %s\n", strchr(text, 'o'), strrchr(text, 'o'), strstr(text, "lo w"));
	printf("%zu %zu %s\n", strspn("aabbc", "ab"), strcspn("hello", "lo"), strpbrk("hello", "lo"));
	memmove(text + 1, text, 5);
	printf("%s %d\n", text, memchr(text, 'z', 5) == NULL);
	char list[] = "one,two;;three", *state;
	for (char *word = strtok_r(list, ",;", &state); word; word = strtok_r(NULL, ",;", &state))
		printf("<%s>", word);
	char fields[] = "a::b", *rest = fields;
	for (char *field; (field = strsep(&rest, ":"));)
		printf("[%s]", field);
	char *duplicate = strdup("dup"), *part = strndup("duplicate", 4);
	printf(" %s %s %s %s\n", duplicate, part, stpcpy(copy, "end") == copy + 3 ? "stpcpy" : "?", (char *)memccpy(copy, "xyz", 'y', 3) == copy + 2 ? "memccpy" : "?");
	memset(text, 'z', 3);
	printf("%.5s %d %zu\n", text, ffs(8), strnlen("abcdef", 3));
	for (size_t len = 0; len < 300; len++) {
		static unsigned char from[600], to[600];
		for (size_t i = 0; i < sizeof from; i++)
			from[i] = (unsigned char)(i * 7 + 1);
		memset(to, 0, sizeof to);
		memcpy(to + len % 17, from + len % 13, len);
		if (memcmp(to + len % 17, from + len % 13, len) || to[len % 17 + len])
			return 1;
		/* One that overlaps, up and down: as it was where nothing was moved to, and moved elsewhere. */
		for (int down = 0; down < 2; down++) {
			unsigned char expected[sizeof from];
			memcpy(expected, from, sizeof from);
			for (size_t i = 0; i < len; i++)
				expected[i + (down ? 3 : 5)] = from[i + (down ? 5 : 3)];
			if (memmove(from + (down ? 3 : 5), from + (down ? 5 : 3), len) != from + (down ? 3 : 5) ||
			    memcmp(from, expected, sizeof from))
				return 2;
		}
		memset(to, 0xaa, len);
		for (size_t i = 0; i < len; i++)
			if (to[i] != 0xaa)
				return 3;
	}
	printf("%s\n", strsignal(11) ? "strsignal" : "?");
	free(duplicate);
	free(part);
	return 0;
}
