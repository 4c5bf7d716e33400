/* strftime with every letter, glibc's flags, widths and modifiers, and members that are out of range; wcsftime. */
#define _GNU_SOURCE
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

static void show(const char *format, const struct tm *tm)
{
	char text[300];
	size_t len = strftime(text, sizeof(text), format, tm);
	printf("%s: %zu %s\n", format, len, len > 0 ? text : "");
}

static void show_all(const struct tm *tm)
{
	static const char *const flags[] = {"", "-", "_", "0", "^", "#"}, *const widths[] = {"", "3", "12"}, *const modifiers[] = {"", "E", "O"};
	for (int flag = 0; flag < 6; ++flag)
		for (int width = 0; width < 3; ++width)
			for (int modifier = 0; modifier < 3; ++modifier)
				for (const char *letter = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%!.fQ"; *letter != '\0'; ++letter) {
					char format[32];
					if (modifier == 1 && strchr("bh", *letter) != NULL)
						continue;
					snprintf(format, sizeof(format), "[%%%s%s%s%c]", flags[flag], widths[width], modifiers[modifier], *letter);
					show(format, tm);
				}
}

static void show_wide(const struct tm *tm)
{
	wchar_t text[200];
	size_t len = wcsftime(text, 200, L"%A %d. %B %Y \x4e2d %k %P %-d %^a %!", tm);
	setlocale(LC_ALL, "C.UTF-8");
	printf("%zu %ls\n", len, text);
}

int main(void)
{
	static const time_t moments[] = {0, 1700000000, -77000000000, 951782400};
	setenv("TZ", "EST5", 1);
	for (int i = 0; i < 4; ++i) {
		struct tm tm = *gmtime(&moments[i]);
		tm.tm_gmtoff = -12600;
		tm.tm_zone = "NST";
		show_all(&tm);
	}
	struct tm wild = {.tm_sec = 62, .tm_min = 61, .tm_hour = 25, .tm_mday = 32, .tm_mon = 400, .tm_year = -2000, .tm_wday = 1000};
	show("%a %A %b %B %d %e %H %I %M %S %p %Y %C %y", &wild);
	wild.tm_mon = wild.tm_wday = wild.tm_hour = -1;
	show("%a %b %H %I %p", &wild);
	wild.tm_isdst = -1;
	show("[%z] %", &wild);
	char text[5];
	struct tm epoch = *gmtime(&(time_t){0});
	printf("%zu %zu\n", strftime(text, 4, "%Y", &epoch), strftime(text, 5, "%Y", &epoch));
	show_wide(&epoch);
	return 0;
}
