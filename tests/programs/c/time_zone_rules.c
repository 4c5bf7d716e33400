/* Rules of time zones in TZ: summer in the south, over the turn of the year; the second in which it begins and ends; days counted in every
 * way; mktime in the hours that are missing and that come twice; odd offsets; no rule at all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void use(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
	printf("%s: %s %s %ld %d\n", zone, tzname[0], tzname[1], timezone, daylight);
}

static void show(time_t moment)
{
	struct tm tm;
	char text[128];
	localtime_r(&moment, &tm);
	strftime(text, sizeof text, "%F %T %Z %z %a %j", &tm);
	printf("  %lld %s, summer %d, offset %ld\n", (long long)moment, text, tm.tm_isdst, tm.tm_gmtoff);
	struct tm back = tm;
	if (mktime(&back) != moment)
		printf("  mktime comes to another moment\n");
	/* Where an hour comes twice, either is right. */
	back.tm_isdst = -1;
	time_t other = mktime(&back);
	localtime_r(&other, &back);
	if (back.tm_hour != tm.tm_hour || back.tm_min != tm.tm_min || back.tm_sec != tm.tm_sec || back.tm_yday != tm.tm_yday)
		printf("  mktime without knowing of summer comes to another time of day\n");
}

/* The beginning and the end of each summer by search: the seconds around each change are shown. */
static void changes(int year)
{
	struct tm first = { .tm_year = year - 1900, .tm_mday = 1, .tm_hour = 12 }, tm;
	time_t from = timegm(&first);
	for (int day = 0; day < 366; day++) {
		time_t low = from + day * 86400l, high = low + 86400;
		localtime_r(&low, &tm);
		int before = tm.tm_isdst;
		localtime_r(&high, &tm);
		if (tm.tm_isdst == before)
			continue;
		while (high - low > 1) {
			time_t middle = low + (high - low) / 2;
			localtime_r(&middle, &tm);
			*(tm.tm_isdst == before ? &low : &high) = middle;
		}
		show(low);
		show(high);
	}
}

static void make(int month, int day, int hour, int minute, int summer)
{
	struct tm tm = { .tm_year = 124, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute, .tm_isdst = summer };
	time_t moment = mktime(&tm);
	printf("  2024-%02d-%02d %02d:%02d summer %d: %lld, ", month, day, hour, minute, summer, (long long)moment);
	printf("%02d:%02d %d, day %d %d\n", tm.tm_hour, tm.tm_min, tm.tm_isdst, tm.tm_wday, tm.tm_yday);
}

int main(void)
{
	use("AEST-10AEDT,M10.1.0,M4.1.0/3");
	show(1705320000); /* January */
	show(1721044800); /* July */
	show(1735660800); /* the last day of December */
	show(1735689600);
	changes(2024);
	changes(2025);
	make(1, 15, 12, 0, 0);
	make(1, 15, 12, 0, 1);
	make(7, 15, 12, 0, 1);
	use("NZST-12NZDT,M9.5.0,M4.1.0/3");
	changes(2024);
	use("<-03>3<-02>,M10.2.0/0,M2.3.0/0");
	changes(2024);
	use("CET-1CEST,M3.5.0,M10.5.0/3");
	changes(2023);
	changes(2024);
	make(3, 31, 1, 59, -1);
	make(3, 31, 3, 0, -1);
	make(10, 27, 2, 30, 0); /* comes twice */
	make(10, 27, 2, 30, 1);
	make(7, 1, 0, 0, 0);
	make(1, 1, 0, 0, 1);
	make(14, 32, 25, 61, -1);
	use("EST5EDT");
	changes(2024);
	use("IST-5:30");
	show(1705320000);
	use("<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45");
	changes(2024);
	use("AAA3BBB,J60/0,J300");
	changes(2023);
	changes(2024);
	use("AAA-2BBB-4,59,299/4:30:15");
	changes(2023);
	changes(2024);
	use("UTC0");
	show(-1);
	show(4102444800);
	return 0;
}
