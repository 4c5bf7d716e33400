//# env: TZ=CET-1CEST,M3.5.0,M10.5.0/3
/* The time zone of the environment, written as a rule, with its daylight saving time. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void show(time_t moment)
{
	struct tm *tm = localtime(&moment);
	char text[64];
	strftime(text, sizeof text, "%F %T %Z %z", tm);
	printf("%lld %s dst %d\n", (long long)moment, text, tm->tm_isdst);
	tm->tm_isdst = -1;
	printf("%lld\n", (long long)mktime(tm));
}

int main(void)
{
	tzset();
	printf("%s %s %ld %d\n", tzname[0], tzname[1], timezone, daylight);
	show(1705320000);
	show(1721044800);
	show(1711846799);
	show(1711846800);
	setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
	tzset();
	printf("%s %s %ld\n", tzname[0], tzname[1], timezone);
	show(1705320000);
	show(1721044800);
	setenv("TZ", "UTC0", 1);
	tzset();
	show(1721044800);
	return 0;
}
