/* A team that has worked and has nothing to do any more: the main thread sleeps a second outside of it, says "awake" and waits for input. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char byte;
	long sum = 0;
	for (int region = 0; region < 20; ++region) {
#pragma omp parallel for reduction(+ : sum)
		for (int i = 0; i < 1000; ++i)
			sum += i;
	}
	puts("asleep");
	fflush(stdout);
	sleep(1);
	puts(sum == 20 * 499500l ? "awake" : "wrong");
	fflush(stdout);
	read(0, &byte, 1);
	return 1;
}
