/* Calendar arithmetic on fixed inputs: gmtime, mktime, timegm's inverse, strftime, difftime, asctime. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(void)
{
	static const time_t moments[] = { 0, 1, 86399, 951782400, 1000000000, 1709210096, 2147483647, 4102444800, -1, -86400 };
	setenv("TZ", "UTC0", 1);
	tzset();
	for (unsigned i = 0; i < sizeof moments / sizeof *moments; i++) {
		struct tm *tm = gmtime(&moments[i]);
		char text[256];
		strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %A %b %B %C %d %e %D %F %g %G %h %I %j %k %l %m %M %n %p %R %T %u %U %V %w %W %y %%",
			 tm);
		printf("%lld: %s\n", (long long)moments[i], text);
		strftime(text, sizeof text, "%c | %x | %X | %r", tm);
		printf("%s\n%s", text, asctime(tm));
		struct tm copy = *tm;
		printf("%lld\n", (long long)mktime(&copy));
	}
	struct tm odd = { .tm_year = 124, .tm_mon = 13, .tm_mday = 0, .tm_hour = 25, .tm_min = -1, .tm_sec = 61 };
	printf("%lld ", (long long)mktime(&odd));
	printf("%d-%d-%d %d:%d:%d day %d of week, %d of year\n", odd.tm_year, odd.tm_mon, odd.tm_mday, odd.tm_hour, odd.tm_min, odd.tm_sec,
	       odd.tm_wday, odd.tm_yday);
	printf("%.1f\n", difftime(1000000000, 999999990));
	char tiny[4];
	printf("%zu\n", strftime(tiny, sizeof tiny, "%Y-%m", gmtime(&moments[0])));
	struct tm parsed;
	memset(&parsed, 0, sizeof parsed);
	char *rest = strptime("2024-02-29 12:34:56 rest", "%Y-%m-%d %H:%M:%S", &parsed);
	printf("%d %d %d %d %d %d %d <%s>\n", parsed.tm_year, parsed.tm_mon, parsed.tm_mday, parsed.tm_hour, parsed.tm_min, parsed.tm_sec,
	       parsed.tm_wday, rest ? rest : "NULL");
	return 0;
}
