//# compilers: gcc
//# cpus: 1 2
/* By gcc only: clang takes bytes that are called and not read for dead. Code on stacks runs in a program whose objects ask for it, as gcc's do that take a nested function's address; the
 * kernel's stacks for threads are no exception, nor are those used again after a thread has ended. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* What gcc writes at the end of such an object. */
__asm__(".pushsection .note.GNU-stack,\"x\",@progbits\n.popsection");

static int run_on_stack(int value)
{
	/* mov $value, %eax; ret */
	unsigned char code[64] __attribute__((aligned(64))) = {0xb8, 0, 0, 0, 0, 0xc3};
	int (*call)(void) = (int (*)(void))code;

	memcpy(code + 1, &value, sizeof value);
	__asm__ volatile("" ::: "memory");
	return call();
}

static void *in_thread(void *argument)
{
	*(int *)argument = run_on_stack(*(int *)argument);
	return NULL;
}

int main(void)
{
	printf("main: %d\n", run_on_stack(42));
	for (int round = 0; round < 3; round++) {
		pthread_t threads[4];
		int values[4];

		for (int i = 0; i < 4; i++) {
			values[i] = 100 * round + i;
			pthread_create(&threads[i], NULL, in_thread, &values[i]);
		}
		for (int i = 0; i < 4; i++) {
			pthread_join(threads[i], NULL);
			printf("thread: %d\n", values[i]);
		}
	}
	return 0;
}
