/* strtol, strtoul and their kin, also the wide ones, in every base, and where the numbers of strtod and its kin end. */
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static const wchar_t *const texts[] = {
	L"0xg", L"0x", L"-0x", L"0X1Fz", L"12", L"017", L"08", L"0b101", L"zz", L" \t\n+7x", L"-8", L"", L"-", L"+-1", L" ", L"\u3000\u20035",
	L"9223372036854775807", L"9223372036854775808", L"-9223372036854775808", L"-9223372036854775809", L"18446744073709551615",
	L"18446744073709551616", L"-18446744073709551616", L"-99999999999999999999999", L"0x8000000000000000", L"1777777777777777777777",
	L"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000012z", L"7FFFFFFFFFFFFFFF.", L"1y2p0ij32e8e7",
};
static const int bases[] = {0, 2, 8, 10, 16, 36, 1, 37, -1};
static const char *const floats[] = {"0x", "-0x", "0xg", "0x.", "0x.p1", "0x1p", "0x1p+", "1e", "1e+", "nan(12)x", "nan(", "infinit", "-", "."};

#define SHOW(function, text, base)                                                                                    \
	do {                                                                                                              \
		__typeof__(text) end = text;                                                                                  \
		errno = 0;                                                                                                    \
		intmax_t number = (intmax_t)function(text, &end, base);                                                       \
		printf(" %" PRIdMAX ",%d,%d", number, (int)(end - text), errno);                                              \
	} while (0)

#define SHOW_FLOAT(function, text)                                       \
	do {                                                                 \
		__typeof__(text) end = text;                                     \
		long double number = function(text, &end);                       \
		printf(" %La,%d", number, (int)(end - text));                    \
	} while (0)

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (size_t j = 0; j < sizeof(bases) / sizeof(*bases); j++) {
			char bytes[120], *text = bytes;
			wchar_t wide_bytes[120], *wide = wcscpy(wide_bytes, texts[i]);
			wcstombs(bytes, texts[i], sizeof(bytes));
			printf("%s by %d:", text, bases[j]);
			SHOW(strtol, text, bases[j]);
			SHOW(strtoul, text, bases[j]);
			SHOW(strtoll, text, bases[j]);
			SHOW(strtoull, text, bases[j]);
			SHOW(strtoimax, text, bases[j]);
			SHOW(strtoumax, text, bases[j]);
			SHOW(wcstol, wide, bases[j]);
			SHOW(wcstoul, wide, bases[j]);
			SHOW(wcstoll, wide, bases[j]);
			SHOW(wcstoull, wide, bases[j]);
			SHOW(wcstoimax, wide, bases[j]);
			SHOW(wcstoumax, wide, bases[j]);
			putchar('\n');
		}
	for (size_t i = 0; i < sizeof(floats) / sizeof(*floats); i++) {
		char *text = (char *)floats[i];
		wchar_t wide_bytes[40], *wide = wide_bytes;
		mbstowcs(wide, text, 40);
		printf("%s:", text);
		SHOW_FLOAT(strtof, text);
		SHOW_FLOAT(strtod, text);
		SHOW_FLOAT(strtold, text);
		SHOW_FLOAT(wcstof, wide);
		SHOW_FLOAT(wcstod, wide);
		SHOW_FLOAT(wcstold, wide);
		putchar('\n');
	}
	return 0;
}
