//# compare: none
//# stdout: e6 97 a5 e4 b8 ad e6 97 a5 e2 82 ac d0 b0 e4 b8 ad\n61 3f\n
/* Sets of characters that iconv has tables for: glibc reads its from files, which a static program may not find. */
#include <iconv.h>
#include <stdio.h>

static void convert(const char *to, const char *from, char *text, size_t len, const char *end)
{
	char buffer[100], *out = buffer;
	size_t room = sizeof(buffer);
	iconv_t conversion = iconv_open(to, from);
	if (iconv(conversion, &text, &len, &out, &room) == (size_t) -1 || len != 0)
		printf("%s fails", from);
	for (const char *at = buffer; at < out; ++at)
		printf("%02x%s", (unsigned char) *at, at + 1 < out ? " " : end);
	iconv_close(conversion);
}

int main(void)
{
	convert("UTF-8", "SHIFT_JIS", "\x93\xfa", 2, " ");
	convert("UTF-8", "GBK", "\xd6\xd0", 2, " ");
	convert("UTF-8", "EUC-JP", "\xc6\xfc", 2, " ");
	convert("UTF-8", "CP1252", "\x80", 1, " ");
	convert("UTF-8", "KOI8-R", "\xc1", 1, " ");
	convert("UTF-8", "BIG5", "\xa4\xa4", 2, "\n");
	convert("ASCII//TRANSLIT", "UTF-8", "a\xe4\xb8\xad", 4, "\n");
	return 0;
}
