/* timegm and gmtime: every day of some hundred years there and back, and fields that are out of range. */
#include <stdio.h>
#include <string.h>
#include <time.h>

static long long at(int year, int month, int day)
{
	struct tm fields = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = 12 };
	long long time = timegm(&fields);
	printf("%d-%d-%d: %lld, day %d of the week, %d of the year\n", year, month, day, time, fields.tm_wday, fields.tm_yday);
	return time;
}

int main(void)
{
	at(1970, 1, 1);
	at(1999, 12, 31);
	at(2000, 2, 28);
	at(2000, 2, 29);
	at(2000, 3, 1);
	at(1900, 2, 29); /* it had none */
	at(2023, 2, 1);
	at(2024, 14, 30); /* of the next year */
	at(2024, -1, 0);
	at(1, 1, 1);
	at(9999, 12, 31);
	int wrong = 0;
	long long first = at(1850, 1, 1), last = at(2250, 1, 1), days = 0;
	for (time_t time = first; time <= last; time += 86400, days++) {
		struct tm fields, same;
		gmtime_r(&time, &fields);
		same = fields;
		same.tm_wday = same.tm_yday = 0;
		if (timegm(&same) != time || same.tm_wday != fields.tm_wday || same.tm_yday != fields.tm_yday)
			wrong++;
	}
	printf("%lld days, %d wrong\n", days, wrong);
	return 0;
}
