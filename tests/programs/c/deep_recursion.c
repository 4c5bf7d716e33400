/* The main stack has room for what Linux's default limit (8 MiB) allows. */
#include <stdio.h>

__attribute__((noinline)) static long dive(long depth, volatile char *above)
{
	volatile char room[1000];
	room[0] = (char)(*above + 1);
	room[999] = (char)depth;
	return depth == 0 ? room[0] : dive(depth - 1, room) + room[999] - (char)depth;
}

__attribute__((noinline)) static int spread(void)
{
	volatile char large[7 << 20];
	int sum = 0;
	for (size_t i = 0; i < sizeof large; i += 4096)
		large[i] = 1;
	for (size_t i = 0; i < sizeof large; i += 4096)
		sum += large[i];
	return sum;
}

int main(void)
{
	volatile char start = 0;
	printf("%ld\n", dive(7000, &start)); /* about 7.2 MiB */
	printf("%d\n", spread());
	return 0;
}
