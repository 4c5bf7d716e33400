/* iconv between character sets, with what cannot be converted. */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

static void convert(const char *to, const char *from, const char *text, size_t len, size_t room)
{
	char buffer[100], *in = (char *) text, *out = buffer;
	size_t left = len;
	iconv_t conversion = iconv_open(to, from);
	if (conversion == (iconv_t) -1) {
		printf("%s from %s: %s\n", to, from, strerror(errno));
		return;
	}
	errno = 0;
	long result = (long) iconv(conversion, &in, &left, &out, &room);
	printf("%s from %s: %ld, %s, %zu left:", to, from, result, strerror(errno), left);
	for (const char *at = buffer; at < out; ++at)
		printf(" %02x", (unsigned char) *at);
	printf("\n");
	iconv_close(conversion);
}

int main(void)
{
	convert("UTF-8", "ISO-8859-1", "a\xe4\xff", 3, 100);
	convert("ISO-8859-1", "UTF-8", "\xc3\xa4z", 3, 100);
	convert("ISO-8859-1", "UTF-8", "a\xe4\xb8\xad", 4, 100);
	convert("ASCII", "UTF-8", "a\xe4\xb8\xadz", 5, 100);
	convert("UTF-16LE", "UTF-8", "a\xf0\x9f\x98\x80", 5, 100);
	convert("UTF-8", "UTF-16BE", "\0a\0b", 4, 100);
	convert("UCS-4LE", "UTF-8", "a", 1, 100);
	convert("WCHAR_T", "UTF-8", "\xc3\xa4", 2, 100);
	convert("UTF-8", "UTF-8", "a\xff", 2, 100);
	convert("UTF-8", "UTF-8", "x\xc3", 2, 100);
	convert("UTF-8", "ISO-8859-1", "abc", 3, 2);
	convert("UTF-8", "none", "", 0, 100);
	convert("none", "UTF-8", "", 0, 100);
	return 0;
}
