//# libs: -lm
/* Ordinary number crunching: matrix product, sieve, n-body; the last digits are the same. */
#include <math.h>
#include <stdio.h>
#include <string.h>

static double a[200][200], b[200][200], c[200][200];
static char sieve[2000000];

int main(void)
{
	for (int i = 0; i < 200; i++)
		for (int k = 0; k < 200; k++) {
			a[i][k] = (i * 7 + k * 3) % 11 / 4.0;
			b[i][k] = (i * 5 + k) % 13 / 8.0;
		}
	for (int i = 0; i < 200; i++)
		for (int k = 0; k < 200; k++)
			for (int j = 0; j < 200; j++)
				c[i][j] += a[i][k] * b[k][j];
	printf("%.17g %.17g\n", c[0][0], c[199][199]);
	int primes = 0;
	for (int i = 2; i < 2000000; i++) {
		if (sieve[i])
			continue;
		primes++;
		for (long k = (long)i * i; k < 2000000; k += i)
			sieve[k] = 1;
	}
	printf("%d\n", primes);
	double x = 1, y = 0, vx = 0, vy = 1;
	for (int i = 0; i < 100000; i++) {
		double r = sqrt(x * x + y * y), r3 = r * r * r;
		vx -= x / r3 * 0.001;
		vy -= y / r3 * 0.001;
		x += vx * 0.001;
		y += vy * 0.001;
	}
	printf("%.17g %.17g\n", x, y);
	return 0;
}
