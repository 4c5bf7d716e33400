//# cflags: -pthread
//# cpus: 1 2
/* An interrupt leaves the interrupted stack alone: a coroutine computes on a small one, is preempted, and is interrupted by a signal
 * whose handler has a stack of its own. Below the red zone not a byte changes. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { AREA = 65536, ALTERNATE = 65536, NR_SIGNALS = 40, PATTERN = 0xa5 };

static unsigned char area[AREA] __attribute__((aligned(64)));
static char alternate[ALTERNATE];
static volatile int nr_handled, over;

static void on_signal(int signal)
{
	(void)signal;
	nr_handled++;
}

static void compute(void)
{
	while (!over)
		__asm__ volatile("pause");
}

static void run_on(void *top, void (*function)(void))
{
	__asm__ volatile("mov %%rsp, %%rbx\n\tmov %0, %%rsp\n\tcall *%1\n\tmov %%rbx, %%rsp"
			 :
			 : "r"(top), "r"(function)
			 : "rbx", "memory", "cc", "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11");
}

static long used_bytes(void)
{
	long low = 0;
	while (low < AREA && area[low] == PATTERN)
		low++;
	return AREA - low;
}

/* Also lets the other thread be preempted where there is one core. */
static void *send(void *target)
{
	for (int i = 0; i < NR_SIGNALS; i++) {
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
		if (target != NULL)
			pthread_kill(*(pthread_t *)target, SIGUSR1);
	}
	over = 1;
	return target;
}

static void interrupt(const char *what, pthread_t *target)
{
	pthread_t sender;
	memset(area, PATTERN, sizeof area);
	over = nr_handled = 0;
	pthread_create(&sender, NULL, send, target);
	run_on(area + AREA - 64, compute);
	pthread_join(sender, NULL);
	/* 64 above the stack, the return address, and what the compiler saves. */
	printf("%s: handled %d, stack %s\n", what, nr_handled > 0, used_bytes() <= 256 ? "left alone" : "used");
}

int main(void)
{
	pthread_t self = pthread_self();
	const stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
	sigaltstack(&stack, NULL);
	interrupt("preempted", NULL);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_ONSTACK}, NULL);
	interrupt("with an alternate stack", &self);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal}, NULL);
	interrupt("with none", &self);
	return 0;
}
