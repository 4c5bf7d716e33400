/* mbstowcs of ASCII, of other characters, of what is none, and with too little room. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static void convert(const char *text, size_t room)
{
	wchar_t wide[40] = {0};
	wide[room] = 0x7777;
	long len = (long) mbstowcs(wide, text, room);
	printf("%ld, %ld:", (long) mbstowcs(NULL, text, 0), len);
	for (size_t i = 0; len >= 0 && i <= room; ++i)
		printf(" %x", (unsigned) wide[i]);
	printf("\n");
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	for (size_t room = 0; room < 12; ++room) {
		convert("plain", room);
		convert("sm\xc3\xb8rg\xe2\x82\xac\xf0\x9f\x98\x80.", room);
		convert("", room);
	}
	convert("a\xff", 10);
	convert("a\xc3", 10);
	return 0;
}
