/* Zones with all their history, as the host's zone files tell it, and mktime where wall clocks jump. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const zones[] = {
	"America/New_York", "Europe/London", "Europe/Moscow", "America/Sao_Paulo", "Asia/Kolkata", "Africa/Casablanca",
	"Australia/Lord_Howe", "Pacific/Apia", "Europe/Dublin", ":Europe/Berlin", "EST5EDT", "CET-1CEST,M3.5.0,M10.5.0/3",
	"<+0330>-3:30", "AEST-10AEDT,M10.1.0,M4.1.0/3", "FOO1BAR,J60,J300/5", "UTC", "", ":",
};

static const long long moments[] = {
	0, -1, 86400, 954604800, 1143000000, 1300000000, 1372665600, 1400000000, 1546300800, 1700000000, 1710054000, 1710053999,
	1730613600, 1730613599, 1325239200, -2208988800LL, -3000000000LL, 2524608000LL, 4102444800LL, 631152000, 946684800,
};

static void show_moment(long long seconds)
{
	time_t moment = seconds;
	char text[100];
	struct tm tm;
	localtime_r(&moment, &tm);
	strftime(text, sizeof(text), "%F %T %z %Z", &tm);
	time_t back = mktime(&(struct tm){.tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday, .tm_hour = tm.tm_hour,
	                                  .tm_min = tm.tm_min, .tm_sec = tm.tm_sec, .tm_isdst = tm.tm_isdst});
	printf("%lld: %s, summer %d, day %d %d, back %lld\n", seconds, text, tm.tm_isdst, tm.tm_wday, tm.tm_yday, (long long) back);
}

static void show_wall(int year, int month, int day, int hour, int minute, int summer)
{
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute, .tm_isdst = summer};
	long long moment = mktime(&tm);
	printf("%d-%d-%d %d:%d/%d: %lld, %d-%d-%d %d:%d:%d/%d\n", year, month, day, hour, minute, summer, moment, tm.tm_year + 1900,
	       tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_isdst);
}

static void show_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
	printf("=== %s: %s %ld\n", zone, tzname[0], timezone);
	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); ++i)
		show_moment(moments[i]);
	for (int summer = -1; summer <= 1; ++summer) {
		show_wall(2024, 7, 1, 12, 0, summer);
		show_wall(2024, 13, 32, 25, 61, summer);
		show_wall(2013, 7, 1, 12, 0, summer);
	}
	show_wall(2024, 3, 10, 2, 30, -1);
	show_wall(2024, 3, 31, 2, 30, -1);
	show_wall(2024, 11, 3, 1, 30, -1);
	show_wall(2024, 10, 27, 2, 30, -1);
}

int main(void)
{
	struct tm before;
	setenv("TZ", "Europe/London", 1);
	localtime_r(&(time_t){0}, &before);
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); ++i)
		show_zone(zones[i]);
	printf("still %s\n", before.tm_zone);
	printf("%d %d %s\n", gmtime(&(time_t){1LL << 56}) == NULL, localtime(&(time_t){1LL << 56}) == NULL,
	       ctime(&(time_t){1LL << 56}) == NULL ? "null" : "text");
	printf("%s", asctime(&(struct tm){.tm_year = 8100, .tm_mon = 12, .tm_wday = 7}));
	return 0;
}
