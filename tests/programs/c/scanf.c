//# stdin: 42 -7 0x1f 3.25 word [bracketed] x  99 tail of line\nsecond line\n
/* scanf of integers, reals, words, sets, characters, counts and suppression. */
#include <stdio.h>

int main(void)
{
	int a, b, n;
	unsigned x;
	double real;
	char word[16], set[16], one, line[32];
	printf("%d ", scanf("%d%d%x%lf%15s [%15[a-z]] %c %*d%n", &a, &b, &x, &real, word, set, &one, &n));
	printf("%d %d %u %g <%s> <%s> %c at %d\n", a, b, x, real, word, set, one, n);
	printf("%d <%s>\n", scanf(" %31[^\n]", line), line);
	printf("%s", fgets(line, sizeof line, stdin) ? line : "?");
	printf("%s", fgets(line, sizeof line, stdin) ? line : "?");
	printf("%d %d\n", scanf("%d", &a), feof(stdin) != 0);
	long long large;
	printf("%d ", sscanf("9223372036854775807|0x10|010", "%lld|%i|%i", &large, &a, &b));
	printf("%lld %d %d\n", large, a, b);
	return 0;
}
