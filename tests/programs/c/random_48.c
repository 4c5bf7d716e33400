/* The random numbers of 48 bits, from the first one on, and with states of the program's own. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(void)
{
	printf("%.17g ", drand48());
	printf("%ld ", lrand48());
	printf("%ld\n", mrand48());
}

int main(void)
{
	unsigned short words[3] = {1, 2, 3}, all[7] = {1, 2, 3, 4, 5, 6, 7};
	struct drand48_data data;
	double number;
	long whole;
	show();
	srand48(-5);
	show();
	printf("%.17g ", erand48(words));
	printf("%ld ", nrand48(words));
	printf("%ld\n", jrand48(words));
	unsigned short *before = seed48(words);
	printf("%d %d %d\n", before[0], before[1], before[2]);
	show();
	lcong48(all);
	show();
	memset(&data, 0, sizeof(data));
	drand48_r(&data, &number);
	printf("%.17g %zu\n", number, sizeof(data));
	srand48_r(9, &data);
	for (int i = 0; i < 3; ++i) {
		mrand48_r(&data, &whole);
		printf("%ld ", whole);
		nrand48_r(words, &data, &whole);
		printf("%ld\n", whole);
	}
	return 0;
}
