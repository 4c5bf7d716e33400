//# compilers: gcc clang
/* Every conversion, flag, width, precision and length of C99's printf that has one right answer. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

static const double reals[] = { 0.0, -0.0, 1.0, -1.5, 3.14159265358979, 1e10, 1e-10, 123456789.0, 1e100, 2.2250738585072014e-308, 0.1, 999999.4, 2.5 };

int main(void)
{
	static const long integers[] = { 0, 1, -1, 42, 2147483647, -2147483647 - 1 };
	for (unsigned i = 0; i < sizeof integers / sizeof *integers; i++) {
		int n = (int)integers[i];
		printf("[%d] [%i] [%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%8.3d] [%-8.3d|] [%+08d]\n", n, n, n, n, n, n, n, n, n, n, n);
		printf("[%u] [%x] [%X] [%o] [%#x] [%#X] [%#o] [%08x] [%#10x] [%-#10x|] [%.0d]\n", n, n, n, n, n, n, n, n, n, n, n);
		printf("[%hhd] [%hd] [%ld] [%lld] [%jd] [%zd] [%td] [%hhu] [%hu] [%zu]\n", (signed char)n, (short)n, (long)n,
		       (long long)n, (intmax_t)n, (ssize_t)n, (ptrdiff_t)n, (unsigned char)n, (unsigned short)n, (size_t)n);
	}
	for (unsigned i = 0; i < sizeof reals / sizeof *reals; i++) {
		double x = reals[i];
		printf("[%f] [%.0f] [%.3f] [%10.2f] [%-10.2f|] [%+f] [% f] [%010.2f] [%#.0f]\n", x, x, x, x, x, x, x, x, x);
		printf("[%e] [%.0e] [%.3E] [%15.4e] [%#.0e] [%.17e]\n", x, x, x, x, x, x);
		printf("[%g] [%.0g] [%.3G] [%#g] [%12.5g] [%-12.5g|] [%.17g]\n", x, x, x, x, x, x, x);
		printf("[%a] [%A] [%20a] [%-20a|] [%020a] [%+a]\n", x, x, x, x, x, x);
		long double l = x;
		printf("[%Lf] [%Le] [%Lg] [%.25Lg]\n", l, l, l, l);
	}
	volatile double zero = 0;
	printf("[%f] [%F] [%e] [%g] [%5f] [%-5f|] [%05f] [%+f]\n", 1 / zero, 1 / zero, -1 / zero, 1 / zero, 1 / zero, 1 / zero, 1 / zero,
	       1 / zero);
	printf("[%f] [%F] [%6g]\n", __builtin_nan(""), __builtin_nan(""), __builtin_nan(""));
	printf("[%c] [%3c] [%-3c|] [%s] [%10s] [%-10s|] [%.2s] [%10.2s] [%%]\n", 'a', 'b', 'c', "text", "text", "text", "text", "text");
	printf("[%*d] [%-*d|] [%.*f] [%*.*f]\n", 6, 42, 6, 42, 2, 1.2345, 8, 3, 1.2345);
	printf("[%2$s %1$s %2$s]\n", "one", "two");
	printf("[%p] [%10p]\n", (void *)0x1234, (void *)0xabc);
	printf("[%ls] [%lc] [%5ls]\n", L"wide", (wint_t)L'w', L"abc");
	int so_far = 0;
	printf("count%n", &so_far);
	printf(" %d\n", so_far);
	printf("[%" PRIu64 "] [%" PRIx8 "] [%" PRId16 "] [%" PRIXPTR "]\n", UINT64_MAX, (uint8_t)200, (int16_t)-5, (uintptr_t)0xbeef);
	char small[8];
	int wanted = snprintf(small, sizeof small, "%s", "too long for it");
	printf("snprintf %d <%s> %d\n", wanted, small, snprintf(NULL, 0, "%d", 12345));
	printf("%.*s|%.400f\n", 3, "abcdef", 1.0 / 3);
	return 0;
}
