//# status: 134
//# stderr-contains: assert.c
//# stderr-contains: one == 2
/* A failed assertion says what and where. */
#include <assert.h>
#include <stdio.h>

int main(void)
{
	volatile int one = 1;
	assert(one == 1);
	puts("fine");
	fflush(stdout);
	assert(one == 2);
	return 0;
}
