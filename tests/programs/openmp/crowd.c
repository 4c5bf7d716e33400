//# mem: 1G
//# cpus: 1 2 4
//# env: OMP_NUM_THREADS=16
//# env: OMP_STACKSIZE=24M
/* Four times as many threads as cores and more wait for each other without standing in each other's way, each with the
 * stack that OMP_STACKSIZE gives it; threads of POSIX have teams of their own. */
#include <omp.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 50 };

static void barriers(void)
{
	static int place[16];
	int wrong = 0;
#pragma omp parallel reduction(+ : wrong)
	for (int round = 1; round <= ROUNDS; ++round) {
		place[omp_get_thread_num()] = round;
#pragma omp barrier
		for (int i = 0; i < omp_get_num_threads(); ++i)
			wrong += place[i] != round;
#pragma omp barrier
	}
	printf("barriers: %d wrong\n", wrong);
}

static __attribute__((noinline)) long use_stack(void)
{
	volatile char large[20 << 20];
	long sum = 0;
	for (size_t i = 0; i < sizeof large; i += 4096)
		large[i] = 1;
	for (size_t i = 0; i < sizeof large; i += 4096)
		sum += large[i];
	return sum;
}

static void stacks(void)
{
	long sum = 0;
#pragma omp parallel reduction(+ : sum) num_threads(4)
	if (omp_get_thread_num() != 0)
		sum += use_stack();
	printf("stacks: %ld pages\n", sum);
}

static void *team_of_its_own(void *argument)
{
	long *sum = argument, mine = 0;
#pragma omp parallel for num_threads(3) reduction(+ : mine)
	for (int i = 0; i < 1000; ++i)
		mine += i;
	*sum = mine;
	return NULL;
}

int main(void)
{
	pthread_t threads[3];
	long sums[3];
	barriers();
	stacks();
	for (int i = 0; i < 3; ++i)
		pthread_create(&threads[i], NULL, team_of_its_own, &sums[i]);
	for (int i = 0; i < 3; ++i) {
		pthread_join(threads[i], NULL);
		printf("thread %d: %ld\n", i, sums[i]);
	}
	return 0;
}
