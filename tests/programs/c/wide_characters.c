/* Wide strings, wide output in the C locale, conversions of ASCII both ways. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

int main(void)
{
	wchar_t text[64];
	char narrow[64];
	printf("%zu %d\n", wcslen(L"wide"), wcscmp(L"a", L"b") < 0);
	wcscpy(text, L"one");
	wcscat(text, L" two");
	printf("%ls %d\n", text, (int)(wcschr(text, L't') - text));
	printf("%d ", swprintf(text, 64, L"%d %s %ls %c", 42, "narrow", L"wide", 'c'));
	printf("%ls\n", text);
	printf("%zu <%s>\n", wcstombs(narrow, L"back", sizeof narrow), narrow);
	printf("%zu <%ls>\n", mbstowcs(text, "forth", 64), text);
	printf("%d %d %d\n", iswalpha(L'x') != 0, iswdigit(L'x') != 0, (int)towupper(L'x'));
	printf("%ld %g\n", wcstol(L"-77rest", NULL, 10), wcstod(L"2.5", NULL));
	FILE *file = fopen("wide", "w+");
	fwprintf(file, L"%ls %d\n", L"file", 1);
	fputws(L"second\n", file);
	rewind(file);
	while (fgetws(text, 64, file))
		printf("%ls", text);
	fclose(file);
	mbstate_t state = { 0 };
	wchar_t one;
	printf("%zu %lc\n", mbrtowc(&one, "A", 1, &state), (wint_t)one);
	return 0;
}
