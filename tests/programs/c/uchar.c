/* <uchar.h>: UTF-16 and UTF-32 to multibyte characters and back, in pieces, with and without a state, and what is wrong. */
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>

static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";

static void to_utf16(void)
{
	mbstate_t state = {0};
	const char *at = text, *end = text + sizeof text;
	char16_t c;
	size_t length;
	while ((length = mbrtoc16(&c, at, end - at, &state))) {
		printf("c16 %04x length %zd initial %d\n", c, length, mbsinit(&state) != 0);
		if (length == (size_t)-3)
			continue;
		if (length > MB_LEN_MAX)
			break;
		at += length;
	}
	printf("end: %04x at %zd\n", c, at - text);
}

static void to_utf32(void)
{
	const char *at = text, *end = text + sizeof text;
	char32_t c;
	size_t length;
	/* The function's own state. */
	while ((length = mbrtoc32(&c, at, end - at, NULL)) && length <= MB_LEN_MAX) {
		printf("c32 %06x length %zd\n", (unsigned)c, length);
		at += length;
	}
	printf("end: %zd\n", length);
}

static void pieces(void)
{
	mbstate_t state = {0};
	char16_t c = 1;
	for (size_t i = 0; i < 4; ++i) {
		size_t length = mbrtoc16(&c, "\xf0\x9f\x98\x80" + i, 1, &state);
		printf("piece %zu: %zd", i, length);
		printf(length <= 1 ? " %04x\n" : "\n", c);
	}
	printf("rest: %zd", mbrtoc16(&c, "", 0, &state));
	printf(" %04x\n", c);
}

static void from_utf16(void)
{
	static const char16_t units[] = {'a', 0xe9, 0x20ac, 0xd83d, 0xde00, 'z', 0};
	mbstate_t state = {0};
	char buffer[MB_LEN_MAX];
	for (size_t i = 0; i < sizeof units / sizeof *units; ++i) {
		size_t length = c16rtomb(buffer, units[i], &state);
		printf("%04x:", units[i]);
		for (size_t j = 0; j < length; ++j)
			printf(" %02x", (unsigned char)buffer[j]);
		printf(" initial %d\n", mbsinit(&state) != 0);
	}
}

static void from_utf32(void)
{
	static const char32_t units[] = {'a', 0xe9, 0x20ac, 0x1f600, 0x10ffff, 0};
	char buffer[MB_LEN_MAX];
	for (size_t i = 0; i < sizeof units / sizeof *units; ++i) {
		size_t length = c32rtomb(buffer, units[i], NULL);
		printf("%06x:", (unsigned)units[i]);
		for (size_t j = 0; j < length; ++j)
			printf(" %02x", (unsigned char)buffer[j]);
		printf("\n");
	}
	printf("null: %zd %zd\n", c32rtomb(NULL, 'x', NULL), c16rtomb(NULL, 'x', NULL));
}

static void wrong(void)
{
	mbstate_t state;
	char buffer[MB_LEN_MAX];
	char32_t c;
	memset(&state, 0, sizeof state);
	errno = 0;
	printf("lone low: %zd", c16rtomb(buffer, 0xde00, &state));
	printf(" errno %d\n", errno);
	memset(&state, 0, sizeof state);
	errno = 0;
	printf("surrogate: %zd", c32rtomb(buffer, 0xd800, &state));
	printf(" errno %d\n", errno);
	memset(&state, 0, sizeof state);
	errno = 0;
	printf("bad byte: %zd", mbrtoc32(&c, "\xff", 1, &state));
	printf(" errno %d\n", errno);
	memset(&state, 0, sizeof state);
	printf("too few: %zd\n", mbrtoc32(&c, "\xe2\x82", 2, &state));
}

int main(void)
{
	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 1;
	to_utf16();
	to_utf32();
	pieces();
	from_utf16();
	from_utf32();
	wrong();
	return 0;
}
