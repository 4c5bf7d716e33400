/* The C locale, and only known locales. */
#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	printf("%s\n", setlocale(LC_ALL, NULL));
	printf("%s\n", setlocale(LC_ALL, "C"));
	printf("%s\n", setlocale(LC_ALL, "") ? "environment" : "NULL");
	printf("%s\n", setlocale(LC_ALL, "xx_YY.nonsense") ? "?" : "NULL");
	struct lconv *conv = localeconv();
	printf("<%s> <%s> <%s> %d\n", conv->decimal_point, conv->thousands_sep, conv->currency_symbol, conv->frac_digits == 127);
	for (int c = 0; c < 256; c++)
		printf("%d%d%d%d%d%d%d%d%s", !!isalpha(c), !!isdigit(c), !!isspace(c), !!isupper(c), !!ispunct(c), !!isprint(c), !!iscntrl(c),
		       !!isxdigit(c), c % 16 == 15 ? "\n" : " ");
	printf("%d %d %d\n", tolower('A'), toupper('z'), strcoll("a", "b") < 0);
	printf("MB_CUR_MAX %zu\n", (size_t)MB_CUR_MAX);
	return 0;
}
