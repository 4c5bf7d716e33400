/* strptime: ranges, widths, and what follows from a date. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const cases[][2] = {
	{"2024-02-29 23:59:60", "%Y-%m-%d %H:%M:%S"}, {"62", "%S"}, {"60", "%M"}, {"24", "%H"}, {"0", "%I"}, {"13", "%I"},
	{"12 AM", "%I %p"}, {"12 pm", "%I %p"}, {"PM 3", "%p %I"}, {"1AM", "%I%p"}, {"68", "%y"}, {"69", "%y"}, {"20 24", "%C %y"},
	{"19", "%C"}, {"24 20", "%y %C"}, {"366", "%j"}, {"367", "%j"}, {"2024 60", "%Y %j"}, {"2024 10 1", "%Y %U %w"},
	{"2024 10 1", "%Y %W %u"}, {"  5", "%e"}, {"32", "%d"}, {"0", "%d"}, {"13", "%m"}, {"Jan", "%b"}, {"JANUARY x", "%b x"},
	{"Sept", "%b"}, {"mon", "%a"}, {"Wednesday", "%A"}, {"08/09/24", "%D"}, {"2024-08-09", "%F"}, {"12:34:56", "%T"},
	{"12:34", "%R"}, {"01:02:03 PM", "%r"}, {"+0100", "%z"}, {"-05:30", "%z"}, {"Z", "%z"}, {"+5", "%z"}, {"GMT x", "%Z x"},
	{"1700000000", "%s"}, {"-1", "%s"}, {" \n a", "%n a"}, {"a   b", "a b"}, {"ab", "a b"}, {"%5", "%%%d"}, {"12345", "%Y"},
	{"99999", "%Y%d"}, {"Thu Jan  1 00:00:00 1970", "%c"}, {"2024-W05-3", "%G-W%V-%u"}, {" 3", "%l"},
	{"20240809T101112", "%Y%m%dT%H%M%S"}, {"2024", "%EY"}, {"x", "%Q"}, {"", "%Y"}, {"7", "%w"}, {"7", "%u"}, {"0", "%u"},
	{"+5", "%d"}, {"1 2", "%t%d%n%m"}, {"53", "%V"}, {"1A", "%I%p"}, {"x", "%"},
};

int main(void)
{
	setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); ++i) {
		struct tm tm = {.tm_isdst = -5};
		const char *text = cases[i][0], *rest = strptime(text, cases[i][1], &tm);
		printf("%s, %s: %s, %d-%d-%d %d:%d:%d, days %d %d, summer %d, %ld east\n", text, cases[i][1], rest != NULL ? rest : "NULL",
		       tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday, tm.tm_yday, tm.tm_isdst, tm.tm_gmtoff);
	}
	return 0;
}
