//# libs: -lm
/* Numbers of every kind by scanf and wscanf, from texts and from streams, buffered or not: what is read, how much of it, and what is left. */
#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

static const char *const texts[] = {
	"0x1.8p3 rest", "0X.8P-1,", "-0x8", "0x", "0xg", "0x.", "0x.p1", "0x1p", "0x1p+", "0x1p+5", "1e", "1e+", "1e+x", "1e5", ".5", ".", "-.", "+", "5.",
	"infinity", "-inf", "infinit", "infin", "in", "nan", "-nan", "nan(12)", "nan(", "na", "1e400", "-1e400", "1e-400", "3.4028236e38",
	"7.038531e-26", "1.00000017881393421514957253748434595763683319091796875001", "0x1.fffffffp127", "0x1.000001p0", "0x1.0000010000001p0",
	"123456789012345678901234567890", "00012", "1,5", "   \t\n 7", "", "  ", "x", "4.9406564584124654e-324", "2.4703282292062327e-324",
};
static const char *const formats[] = {"%f", "%lf", "%Lf", "%la", "%4lf", "%6lf"};

static const char *const integers[] = {
	"12", "-12", "+0", "0x1F", "0X1fg", "0x", "0xg", "017", "08", "99999999999", "-99999999999", "9223372036854775808", "-9223372036854775809",
	"18446744073709551616", "-1", "- 1", "", "z",
};
static const char *const integer_formats[] = {"%d", "%i", "%u", "%x", "%o", "%ld", "%li", "%lu", "%hhd", "%2i", "%3x"};

static void floats(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (size_t j = 0; j < sizeof(formats) / sizeof(*formats); j++) {
			char format[20];
			union {
				float single;
				double number;
				long double wide;
			} value = {.wide = 0};
			int taken = -1;
			snprintf(format, sizeof(format), "%s%%n", formats[j]);
			errno = 0;
			int result = sscanf(texts[i], format, &value, &taken);
			double number = j == 0 ? value.single : j == 2 ? (double)value.wide : value.number;
			printf("%s by %s: %d, %a, %d bytes, errno %d\n", texts[i], formats[j], result, number, taken, errno);
		}
}

static void wholes(void)
{
	for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++)
		for (size_t j = 0; j < sizeof(integer_formats) / sizeof(*integer_formats); j++) {
			char format[20];
			wchar_t wide_text[40], wide_format[20];
			long value = 0, wide_value = 0;
			int taken = -1, wide_taken = -1;
			snprintf(format, sizeof(format), "%s%%n", integer_formats[j]);
			mbstowcs(wide_text, integers[i], 40);
			mbstowcs(wide_format, format, 20);
			int result = sscanf(integers[i], format, &value, &taken);
			int wide_result = swscanf(wide_text, wide_format, &wide_value, &wide_taken);
			printf("%s by %s: %d, %ld, %d bytes\n", integers[i], integer_formats[j], result, value, taken);
			if (wide_result != result || wide_value != value || wide_taken != taken)
				printf("wide: %d, %ld, %d\n", wide_result, wide_value, wide_taken);
		}
}

/* Writes `text` to a file and opens it, with a buffer of this size. */
static FILE *file_of(const char *text, int mode, size_t bytes)
{
	static char buffer[64];
	static const char name[] = "scanf_numbers.tmp";
	FILE *file = fopen(name, "w");
	fputs(text, file);
	fclose(file);
	file = fopen(name, "r");
	unlink(name);
	setvbuf(file, buffer, mode, bytes);
	return file;
}

static void try(FILE *file, const char *format, size_t bytes)
{
	char value[32] = "";
	int result = fscanf(file, format, value), next = getc(file);
	printf("%s: %d, next %d, ", format, result, next);
	ungetc(next, file);
	for (size_t i = 0; i < bytes; i++)
		printf("%02x", (unsigned char)value[i]);
	putchar('\n');
}

/* What follows a failure is still there, also where a buffer begins in between. */
static void streams(int mode, size_t bytes)
{
	FILE *file = file_of("1 0x10 0x1.8p1 nanx 12e 0x (nil) 0x1234 z\n", mode, bytes);
	int whole = 0, taken = 0;
	double number = 0;
	int result = fscanf(file, "%d%i%lf%n", &whole, &whole, &number, &taken);
	printf("%d: %d %a %d\n", result, whole, number, taken);
	try(file, "%lf", 8);
	try(file, "%d", 4);
	try(file, "%*c%lf", 8);
	try(file, "%x", 4);
	try(file, "%5[^ ]", 6);
	try(file, "%p", 8);
	try(file, "%p", 8);
	try(file, "%d", 4);
	getc(file);
	ungetc('5', file);
	try(file, "%d", 4);
	try(file, "%d", 4);
	printf("%d %d\n", feof(file) != 0, ferror(file) != 0);
	fclose(file);
}

/* Characters of several bytes, in a text and in a stream whose buffer ends within them. */
static void wide(size_t bytes)
{
	FILE *file = file_of("\u00e4\u00f6\u00fc 0x1.8p1\u20ac7 \U0001f600x 5\u00e9", _IOFBF, bytes);
	wchar_t word[20] = L"", sign = 0;
	char narrow[40] = "";
	double number = 0;
	int whole = 0, taken = 0;
	int result = fwscanf(file, L"%ls %lf%n", word, &number, &taken);
	printf("%d %zu %x %a %d\n", result, wcslen(word), (unsigned)word[2], number, taken);
	result = fwscanf(file, L"%d", &whole);
	printf("%d ", result);
	result = fwscanf(file, L"%lc%d %39[^x]%n", &sign, &whole, narrow, &taken);
	printf("%d %x %d %zu %d ", result, (unsigned)sign, whole, strlen(narrow), taken);
	result = fwscanf(file, L"x%d%*[a-z]", &whole);
	printf("%d %d ", result, whole);
	wint_t next = fgetwc(file);
	printf("%x ", (unsigned)next);
	next = fgetwc(file);
	printf("%x ", (unsigned)next);
	result = fscanf(file, "%d", &whole);
	printf("narrow: %d\n", result);
	fclose(file);
	void *place = narrow;
	result = swscanf(L"\u00e4\u00f6\u00fc 5 -0x1.8p1 (nil)", L"%ls %d %la %p", word, &whole, &number, &place);
	printf("%d %d %a %p\n", result, whole, number, place);
}

int main(void)
{
	static const int directions[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
	setlocale(LC_ALL, "C.UTF-8");
	floats();
	wholes();
	streams(_IOFBF, 64);
	streams(_IONBF, 0);
	streams(_IOFBF, 3);
	wide(64);
	wide(2);
	wide(3);
	for (int i = 0; i < 4; i++) {
		float single = 0;
		double number = 0;
		fesetround(directions[i]);
		sscanf("0.1 -0.1", "%f%lf", &single, &number);
		fesetround(FE_TONEAREST);
		printf("%a %a\n", single, number);
	}
	char *text = NULL;
	printf("%d ", sscanf("hello there", "%ms", &text));
	puts(text);
	free(text);
	return 0;
}
